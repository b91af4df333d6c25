"""The union tree: table and queries only. What is done to unions lives in the area `register`."""
