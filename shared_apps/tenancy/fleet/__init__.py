"""Migrations over all schemas: find who is behind with one query, make the SQL once, replay it everywhere.

detect   who is behind            graph   Django's loader and executor, for one world of apps
recorder the template's SQL       plan    which steps a schema needs
wire     pipelined statements     replay  the transaction that moves schemas one step
slow     what only Django can do  runner  connections, retries, waves
verify   stamps against the truth report  what happened, for people and machines
"""
