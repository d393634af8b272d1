"""Single sign-on with OpenID Connect: asking a provider who somebody is, and believing only what is proved.

Nothing here touches the database. The libraries for it are loaded with the first single sign-on, not with the application.
"""
