"""The edge: settings, servers, the station, HTTP."""
