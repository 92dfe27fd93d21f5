"""WordPress: posts and comments over the REST API that every site since version 5.6 has."""
