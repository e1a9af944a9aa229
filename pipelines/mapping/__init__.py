"""A proposal of how somebody's own files fit the contract: matched by name and content, for a person to edit."""
