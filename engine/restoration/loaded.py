"""What stays in memory from run to run: networks, face finder and face embedding."""

from __future__ import annotations

from collections import OrderedDict

from engine.errors import Sentence
from engine.faces.identity import Identity
from engine.kernels.shaken import Network
from engine.networks.network import DeblurringNetwork
from engine.request import Request
from engine.restoration.automatic import COMPARED
from engine.restoration.choice import of_weights
from engine.restoration.face_search import FaceSearch
from engine.restoration.runner import restore
from engine.restoration.watch import Watch
from engine.weights import find_weights, load, load_network
from resources import resource

MOST = 2  # networks in memory: one for the photo, one for its faces


class Loaded:
    """Loads what a step asks for, and keeps it. Not for several threads at once."""

    def __init__(self) -> None:
        self.faces = FaceSearch()
        self._networks: OrderedDict[str, DeblurringNetwork] = OrderedDict()
        self._judging: DeblurringNetwork | None = None
        self._identity: Identity | None = None

    def network(self, weights_id: str, watch: Watch) -> DeblurringNetwork:
        """Return the network of some weights; a note says if they are experimental."""
        if weights_id not in self._networks:
            while len(self._networks) >= MOST:
                self._networks.popitem(last=False)
            self._networks[weights_id] = load_network(weights_id)
        self._networks.move_to_end(weights_id)
        weights = find_weights(weights_id)
        if weights is not None and weights.card.experimental:
            title = of_weights(weights_id).title
            watch.note(
                Sentence("{title} is experimental: in the tests so far, its weights did not help.", title=title)
            )
        return self._networks[weights_id]

    def judging(self) -> DeblurringNetwork | None:
        """Return the network that the judge of kernels compares with, as it is shipped; None where it is missing."""
        weights = find_weights(COMPARED, [resource("weights")])
        if self._judging is None and weights is not None:
            self._judging = load(weights)
        return None if weights is None else self._judging

    def ships(self, weights_id: str) -> bool:
        """Return whether the weights in use are those that are shipped."""
        shipped, used = find_weights(weights_id, [resource("weights")]), find_weights(weights_id)
        return shipped is not None and used is not None and shipped.path == used.path

    def compared(self, request: Request, watch: Watch) -> Network | None:
        """Return what that network makes of pixels, as a function; None where it is missing."""
        network = self.judging()
        if network is None:
            return None
        method, quiet = of_weights(COMPARED), Watch(cancelled=watch.cancelled)
        return lambda pixels: restore(network, method, pixels, request, quiet).pixels

    def identity(self) -> Identity:
        """Return the face embedding; raise WeightsError where it is missing."""
        if self._identity is None:
            self._identity = Identity()
        return self._identity
