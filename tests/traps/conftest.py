from tests.whatsapp.conftest import _own_files, clock, graph, moto

__all__ = ["_own_files", "clock", "graph", "moto"]
