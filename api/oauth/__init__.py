"""OAuth 2.1 for the brand's other systems: tokens for codes, for services and for refresh tokens; giving back; what there is.

Authlib reads the requests, authenticates clients, finds the grant and words the errors. What must hold together stands in one
transaction of `clients.keys.actions`. The page of consent is the portal's. See docs/decisions/0022-oauth.md.
"""
