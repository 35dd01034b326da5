"""How much of the input one output sees, layer by layer: calculated, read from a module, or measured.

An axis of the input has cells; cell i spans from i to i + 1, so its centre is at i + 0.5. Going through a layer with a
kernel of k taps, stride s, dilation d and `before` cells of padding in front changes three numbers::

    receptive_field  r → r + (k − 1)·d·j       input cells that one output sees
    start            c → c + ((k − 1)·d / 2 − before)·j   centre of what output 0 sees
    jump             j → j·s                   input cells from one output to the next

They begin with r = 1, c = 0.5 and j = 1. A pooling with stride 2 adds little to the receptive field itself; it doubles
the jump, and with it all that the layers *after* it add. Convolutions and poolings obey the same rule.

`receptive_field` calculates this for a list of layers or a module, `from_module` makes the list, and `measure` asks the
module itself, by back-propagation. Importing this package imports neither NumPy nor torch.

References
----------
A. Araujo, W. Norris, J. Sim: Computing Receptive Fields of Convolutional Neural Networks. Distill, 2019.
https://doi.org/10.23915/distill.00021
"""

from pooling.receptive_field.calculation import receptive_field
from pooling.receptive_field.layers import Layer, Row
from pooling.receptive_field.measurement import Measurement, measure
from pooling.receptive_field.reading import from_module

__all__ = ["Layer", "Measurement", "Row", "from_module", "measure", "receptive_field"]
