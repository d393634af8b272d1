// A certified OpenID provider for one test: PKCE required, the client known by its key, acr said in the token.
// Everybody who comes is Kari, logged in strongly; so the browser is sent on and back without a page.
import { readFileSync } from "node:fs";
import Provider from "oidc-provider";

const [port, keys, back] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "samstyr",
      redirect_uris: [back],
      response_types: ["code"],
      grant_types: ["authorization_code"],
      token_endpoint_auth_method: "private_key_jwt",
      jwks: JSON.parse(readFileSync(keys)),
    },
  ],
  acrValues: ["high"],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});

provider.use(async (context, next) => {
  if (!context.path.startsWith("/interaction/")) return next();
  const { params } = await provider.interactionDetails(context.req, context.res);
  const grant = new provider.Grant({ accountId: "kari", clientId: params.client_id });
  grant.addOIDCScope("openid");
  const result = { login: { accountId: "kari", acr: "high" }, consent: { grantId: await grant.save() } };
  context.respond = false;
  return provider.interactionFinished(context.req, context.res, result);
});
provider.listen(Number(port), "127.0.0.1");
