import torch
from torch import nn

x = torch.randn(1, 3, 28, 28)  # channels first

largest = nn.MaxPool2d(kernel_size=2)
mean = nn.AvgPool2d(kernel_size=2)
print(tuple(largest(x).shape))
print(tuple(mean(x).shape))
