"""The least that Django can do for the same pages: full middleware, sign-in, plain queries, one template each."""
