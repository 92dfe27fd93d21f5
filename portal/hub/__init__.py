"""The pages of the hub: what a person has across brands. No brand's content but by stepping into its scope."""
