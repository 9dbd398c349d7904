"""Visit reports and log books over HTTP."""
