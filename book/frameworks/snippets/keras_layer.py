import os

os.environ["KERAS_BACKEND"] = "torch"  # before the import
import keras

x = keras.random.normal((1, 28, 28, 3))  # channels last

largest = keras.layers.MaxPooling2D(pool_size=2)
mean = keras.layers.AveragePooling2D(pool_size=2)
print(tuple(largest(x).shape))
print(tuple(mean(x).shape))
