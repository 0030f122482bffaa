// Core first: the registrations carry their own copies of core's modules, which must find core's engine already there.
import '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
