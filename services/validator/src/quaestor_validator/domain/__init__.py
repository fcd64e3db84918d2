"""What is checked, and how: pure functions of a document, its artifact and the rules."""
