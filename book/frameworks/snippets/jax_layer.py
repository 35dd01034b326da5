import jax
from flax import linen as nn

key = jax.random.key(0)
x = jax.random.normal(key, (1, 28, 28, 3))  # channels last

print(nn.max_pool(x, (2, 2), strides=(2, 2)).shape)
print(nn.avg_pool(x, (2, 2), strides=(2, 2)).shape)
