"""What customers' words say: signals and sentiment in English and Spanish."""
