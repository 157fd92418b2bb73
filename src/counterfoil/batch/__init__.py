"""Crawls: files in, decisions and an account of every row out."""
