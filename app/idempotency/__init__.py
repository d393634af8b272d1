"""Keys of forms: what is sent twice under one key acts once, and is answered twice."""
