"""The state of crisis of a brand: proposed by numbers, declared by people, ended by the brand."""
