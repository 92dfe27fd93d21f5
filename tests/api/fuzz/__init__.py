"""What the fuzz of the API needs: a brand with something of everything, the settings of schemathesis, the generated client."""
