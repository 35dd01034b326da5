import tensorflow as tf

x = tf.random.normal((1, 28, 28, 3))  # channels last

largest = tf.keras.layers.MaxPooling2D(pool_size=2)
mean = tf.keras.layers.AveragePooling2D(pool_size=2)
print(largest(x).shape)
print(mean(x).shape)
