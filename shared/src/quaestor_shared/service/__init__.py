"""The Litestar parts that every service is put together from."""
