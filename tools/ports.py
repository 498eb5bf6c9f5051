"""TCP ports of this machine, for the tools that wait for a debugger's."""
import socket


def listens(port):
    """Does somebody? Without a connection, which would be a debugger's to a machine's stub."""
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
