"""The pages of reports, log books and a professional's day."""
