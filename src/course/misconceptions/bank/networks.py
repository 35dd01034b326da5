"""Receptive fields, parameters and costs of a stack of layers."""

from course.misconceptions.misconception import Misconception

MISCONCEPTIONS = [
    Misconception(
        "pool-doubles-field",
        "Every pooling multiplies the receptive field here. It adds (kernel_size − 1)·jump cells to it; what it "
        "multiplies is the jump.",
        steps={"pool_doubles": True},
    ),
    Misconception(
        "forgets-jump",
        "Every layer adds kernel_size − 1 cells here, as if neighbouring outputs were always one input cell "
        "apart. Behind a stride they are further apart: add (kernel_size − 1)·jump.",
        steps={"jump": "forgotten"},
        only=("receptive_fields",),
    ),
    Misconception(
        "stride-one-layer-early",
        "A layer's own stride already widens its own window here. It spreads the outputs of that layer apart, so "
        "it counts from the next layer on.",
        steps={"jump": "early"},
        only=("receptive_fields",),
    ),
    Misconception(
        "kernel-for-kernel-minus-one",
        "Every layer adds kernel_size cells (times the jump) here. One of the window's cells was counted "
        "already: add kernel_size − 1.",
        steps={"less_one": False},
    ),
    Misconception(
        "pool-adds-nothing",
        "Pooling layers add nothing to the receptive field here. A pooling window is a window: it adds "
        "(kernel_size − 1)·jump as well.",
        steps={"only": "conv"},
    ),
    Misconception(
        "jump-of-the-last-layer",
        "The jump is the stride of the last layer alone. Strides multiply on their way through the network.",
        steps={"strides": "last"},
    ),
    Misconception(
        "adds-strides",
        "The jump grows by a sum here. Strides multiply: behind two strides of 3, neighbours are 9 cells apart.",
        steps={"strides": "add"},
    ),
    Misconception(
        "doubles-the-jump",
        "Every stride doubles the jump here. A stride of 3 makes it three times as large.",
        steps={"strides": "double"},
    ),
    Misconception(
        "forgets-strides-on-the-way-back",
        "Strides are ignored on the way back. Output i of a layer begins at cell i·stride − padding of the layer "
        "before.",
        steps={"jump": "forgotten"},
        only=("seen_cells",),
    ),
    Misconception(
        "forgets-padding-on-the-way-back",
        "Padding is ignored on the way back. With padding, output i begins `padding` cells earlier, at i·stride "
        "− padding.",
        steps={"padding_counts": False},
    ),
    Misconception(
        "end-behind-last",
        "The second number is one too large: asked for is the last cell that is seen, not the first one that is not.",
        steps={"end": "behind"},
    ),
    Misconception(
        "goes-forwards",
        "The layers are gone through from the first to the last. You stand behind the last one: begin there.",
        steps={"backwards": False},
    ),
    Misconception(
        "cut-off-at-the-image",
        "Cells before the image are cut off. Here the axis has no end: they have negative numbers.",
        steps={"clipped": True},
    ),
    Misconception(
        "follows-the-first-cell-alone",
        "The last cell is found from the window of the first one. Follow the last cell back on its own.",
        steps={"followed": "first"},
    ),
    Misconception(
        "takes-padding-off-first",
        "Padding is taken off before the stride multiplies. It counts in cells of the layer's input: i·stride − "
        "padding.",
        steps={"padding_first": True},
    ),
    Misconception(
        "padding-moves-the-first-alone",
        "Padding moves only the first cell here. It moves the whole window: both ends, to the left.",
        steps={"last_padded": "left"},
    ),
    Misconception(
        "padding-widens",
        "Padding moves the two ends apart here. It moves the whole window: both ends, to the left.",
        steps={"last_padded": "pushed"},
    ),
    Misconception(
        "forgets-biases",
        "The biases are missing: a convolution has one for each channel that it makes.",
        steps={"biases": False},
        only=("layer_parameters",),
    ),
    Misconception(
        "one-bias-a-layer",
        "One bias is counted for a whole layer. Every filter has one of its own.",
        steps={"bias_each": "layer"},
        only=("layer_parameters",),
    ),
    Misconception(
        "filters-read-the-image",
        "Every filter is counted as if it read the image. It reads what the convolution before it made.",
        steps={"chained": False},
        only=("layer_parameters",),
    ),
    Misconception(
        "filters-read-the-image",
        "Every filter is counted as if it read the image. It reads what the convolution before it made.",
        steps={"channels": "image"},
    ),
    Misconception(
        "filters-read-their-own-layer",
        "A filter is counted with as many channels as its layer makes. It has weights for those that come in.",
        steps={"channels": "own"},
    ),
    Misconception(
        "biases-multiplied",
        "Biases are counted too. They are added, not multiplied.",
        steps={"biases": True},
        only=("layer_multiplications",),
    ),
    Misconception(
        "pooling-has-parameters",
        "Pooling layers have kernel_size² parameters here. They have none: there is nothing to learn in a maximum.",
        steps={"pooling": "window"},
        only=("layer_parameters",),
    ),
    Misconception(
        "pooling-counted-as-convolution",
        "Pooling layers are counted like convolutions here. They have no parameters at all.",
        steps={"pooling": "like conv"},
        only=("layer_parameters",),
    ),
    Misconception(
        "pooling-multiplies",
        "Pooling layers are counted like convolutions here. They compare values, and multiply nothing.",
        steps={"pooling": True},
        only=("layer_multiplications",),
    ),
    Misconception(
        "forgets-input-channels",
        "Each filter is counted for a single channel. A filter of a convolution has weights for every channel "
        "that comes in.",
        steps={"inputs": False},
    ),
    Misconception(
        "kernel-not-squared",
        "A filter is counted as kernel_size weights a channel. It is a square: kernel_size².",
        steps={"squared": False},
    ),
    Misconception(
        "multiplies-at-input-size",
        "Filters are counted at every cell of the layer's input. They are evaluated once for every cell of its output.",
        steps={"positions": "input"},
    ),
    Misconception(
        "multiplies-once",
        "This is the number of weights. Every weight is used again at each cell of the layer's output.",
        steps={"positions": "one"},
    ),
    Misconception(
        "pooling-doubles-channels",
        "Pooling doubles the channels here. It leaves them as they are; it is the next convolution that makes more.",
        steps={"pooled_channels": "doubled"},
    ),
    Misconception(
        "pooling-leaves-one-channel",
        "Pooling leaves a single channel here. It works on each channel by itself, so their number stays.",
        steps={"pooled_channels": "one"},
    ),
    Misconception(
        "pooling-has-no-channels",
        "Behind a pooling layer there are None channels here. It leaves as many as came in.",
        steps={"pooled_channels": "none"},
    ),
    Misconception(
        "flatten-keeps-channels-only",
        "After flattening, every cell of every channel is an input of its own: channels·height·width.",
        steps={"flattened": False},
    ),
    Misconception(
        "average-keeps-cells",
        "A global average leaves one number a channel, so the classifier behind it has `channels` inputs.",
        steps={"averaged": False},
    ),
    Misconception(
        "counts-exchanged",
        "The two counts are exchanged: the one after flattening comes first.",
        steps={"flat_first": False},
    ),
    Misconception(
        "one-bias-in-all",
        "One bias is counted in all. A linear layer has one for each class.",
        steps={"bias_each": "layer"},
        only=("head_parameters",),
    ),
    Misconception(
        "one-bias-an-input",
        "One bias is counted for each input. There is one for each class.",
        steps={"bias_each": "input"},
        only=("head_parameters",),
    ),
    Misconception(
        "biases-divided",
        "The biases are divided as well. There is one for each class in both.",
        steps={"biases_divided": True},
    ),
    Misconception(
        "forgets-biases-of-the-head",
        "The biases are missing: a linear layer has one for each class.",
        steps={"biases": False},
        only=("head_parameters",),
    ),
    Misconception(
        "keeps-the-pools",
        "The pooling layers are still there. Each of them makes room for a convolution.",
        steps={"pools": "kept"},
    ),
    Misconception(
        "merges-the-pools",
        "The pooling layers are gone, and the layers before them have their strides. Here each pooling layer "
        "makes room for a convolution of its own, so the list stays as long as it was.",
        steps={"pools": "merged"},
    ),
    Misconception(
        "replacement-without-channels",
        "The new convolutions have None for their channels, as the pooling layers had. A convolution has to say "
        "how many it makes: here as many as come in.",
        steps={"replaced_channels": "none"},
    ),
    Misconception(
        "replacement-doubles-channels",
        "The new convolutions double the channels. They stand for pooling layers, so they make as many as come in.",
        steps={"replaced_channels": "doubled"},
    ),
    Misconception(
        "replacement-with-image-channels",
        "Every new convolution makes as many channels as the image has. It should make as many as come in, and "
        "that is what the convolution before it made.",
        steps={"replaced_channels": "image"},
    ),
    Misconception(
        "replacement-always-3x3",
        "Every new convolution has a kernel of 3. It takes the kernel_size of the pooling layer it stands for.",
        steps={"replaced_kernel": "three"},
    ),
    Misconception(
        "replacement-stride-one",
        "The new convolutions have a stride of 1, so nothing shrinks. They take the stride of the pooling layers "
        "they stand for.",
        steps={"replaced_stride": "one"},
    ),
    Misconception(
        "replacement-stride-from-kernel",
        "The new convolutions have their kernel_size for a stride. They take the stride of the pooling layers "
        "they stand for, which may be another number.",
        steps={"replaced_stride": "kernel"},
    ),
    Misconception(
        "replacement-forgets-padding",
        "The new convolutions have no padding. They take the padding of the pooling layers they stand for.",
        steps={"replaced_padding": "none"},
    ),
]
