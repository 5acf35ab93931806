from downtime.screens.base import StationScreen


class ChargeScreen(StationScreen):
    def body(self):
        return []
