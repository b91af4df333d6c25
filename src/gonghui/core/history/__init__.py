"""What happened to a record, told in sentences; and who looked at what is sensitive."""
