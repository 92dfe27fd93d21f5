"""A network that lives in the brand's own schema: to try, to show and to prove, without an account anywhere."""
