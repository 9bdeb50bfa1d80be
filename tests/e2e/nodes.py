"""Server processes on one database."""
from harness import BUILD, Calixo, Postgres


def start_nodes(add_cleanup, count, settings, options=()):
    """A database of their own, made with these options of PostgreSQL's, and so many running servers.

    add_cleanup: a test's addCleanup, or its class's addClassCleanup."""
    database = Postgres(list(options))
    add_cleanup(database.remove)
    database.sql("create database calixo")
    nodes = []
    for _ in range(count):
        node = Calixo(BUILD, {"database.url": database.url("calixo"), **settings})
        add_cleanup(node.remove)
        nodes.append(node.start())
    return database, nodes
