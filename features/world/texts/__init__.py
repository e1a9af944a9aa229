"""What people write in the synthetic world: templates as data, one file a language."""
