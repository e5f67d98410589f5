import { payloadFormat } from '../kdf/payload.ts';

/** Payload CMS before 3.90.0, which reads nothing else: written where a row has it. */
export const payloadLegacy = payloadFormat({
  name: 'payload-legacy',
  shape: /^([0-9a-f]{1024})$/,
  prefix: '',
  iterations: 25_000,
  keyBytes: 512,
  isWeak: true,
  examples: [
    {
      password: 'correct horse battery staple',
      encoded:
        'payload$81f2a994ed85456352bd91e2d35030d4131813f9bbc36486239ae6d3e6526a54$8a80135c5e6d5e899b83a3e0a7b00ddd06ee9ba19628a774e943418610d3a0db85245fa1788f624e7e2bbc904d03e802168548419c99d4a4c1117a253bde9e43acf4e1c774e9492e5591f858cce418045d1dfee5101298bb87dbfe001a6ac6788a057b5985ed9e8cbaf30c138ae2bf749154f45f05e3db0cef7adc880f3beb299316d7eaca68db601270a6db3e25841551fc34fb663a87e65d6902788f6b190193808f2daa32ce21a2eceab0199aac5a1cdca29b7baf540fcbca888c7f3c1d62b112e884b88ac42ac3139b507295c524e50f259bcfd5561d8b5fd81eac2aee052e44647e18c084b0d81a2f74ac3d172e1216f1f4395b8aa5c3a0441eef5be7ef3754718f41daafdb96d6d2b1f7c3eb45a5d3e5c8eed46b38c6d758f57589e32f2762acd51e142904e9dfb4612946d16a14d87c0b0e49cfd9b0b1a0aa4394167d56276c15706757a2b90488739be5d5c70d08077b8e8b40f4a8a72357cbcc02fd29a7ef4a2a2fbf504ce191251be899ae469f7dde3d570864de414af960f3743e42ad5e15c290fa87578cd2c41dfef0850a4e8558afba76a4184c92598664b2cb59a6a1a4914a72cc3bb7b974aff9ec4bf7323ce05ec627a2301c2e4c54f008566a58bf5ff14a3a5db6b4ccaff7fa634a6565e5972dded42d11defee08d9ad977a1b6bf5c2a5a3b05de97f9f4e4fec90ec825e2c53962771b6b851d4c9f738e3e',
      madeBy: 'the algorithm of Payload 3.89.0, accepted by Payload 3.90.2',
    },
  ],
});
