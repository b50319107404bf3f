// Every read of neon-js 5, against a node of Neo N3. The names of its objects are what the client parsed them into.

import { load, plan, printAnswers } from "./answers.mjs";

const { api, experimental, rpc, sc, tx, u, wallet } = load("@cityofzion/neon-js");

const client = new rpc.RPCClient(plan.url);
const neo = sc.NeoContract.INSTANCE.scriptHash;
const unknownHash = `0x${"ab".repeat(32)}`;

const block = await client.getBlock(plan.block, true);
const transactionId = block.tx[0].hash;
const ask = (method, ...params) => client.execute(new rpc.Query({ method, params }));
const accountHash = sc.ContractParam.hash160(plan.account);
const token = () =>
  new experimental.nep17.Nep17Contract(u.HexString.fromHex(plan.token), {
    rpcAddress: plan.url,
    networkMagic: plan.magic,
  });

const reads = {
  getVersion: () => client.getVersion(),
  getBlockCount: () => client.getBlockCount(),
  getBestBlockHash: () => client.getBestBlockHash(),
  getBlockHash: () => client.getBlockHash(plan.block),
  getConnectionCount: () => client.getConnectionCount(),
  getPeers: () => client.getPeers(),
  listPlugins: () => client.listPlugins(),
  getCommittee: () => client.getCommittee(),
  getNextBlockValidators: () => client.getNextBlockValidators(),
  "validateAddress, right": () => client.validateAddress(plan.account),
  "validateAddress, wrong": () => client.validateAddress("no address"),

  "getBlock by index": () => client.getBlock(plan.block),
  "getBlock by hash": () => client.getBlock(block.hash),
  "getBlock by index, verbose": () => client.getBlock(plan.block, true),
  "getBlock by hash, verbose": () => client.getBlock(block.hash, true),
  "getBlock by decimal text": () => ask("getblock", String(plan.block)),
  "getBlock by decimal text, verbosity true": () => ask("getblock", String(plan.block), true),
  "getBlock verbosity false": () => ask("getblock", plan.block, false),
  "getBlock, hashes of its parsed transactions": async () =>
    (await client.getBlock(plan.block, true)).tx.map((json) => `0x${tx.Transaction.fromJson(json).hash()}`),
  "getBlockHeader by index": () => client.getBlockHeader(plan.block),
  "getBlockHeader by hash": () => client.getBlockHeader(block.hash),
  "getBlockHeader by index, verbose": () => client.getBlockHeader(plan.block, true),
  "getBlockHeader by hash, verbose": () => client.getBlockHeader(block.hash, true),

  getRawTransaction: () => client.getRawTransaction(transactionId),
  "getRawTransaction, verbose": () => client.getRawTransaction(transactionId, true),
  "getRawTransaction, hash of the parsed bytes": async () =>
    `0x${tx.Transaction.deserialize(u.base642hex(await client.getRawTransaction(transactionId))).hash()}`,
  "getRawTransaction, hash of the parsed object": async () =>
    `0x${tx.Transaction.fromJson(await client.getRawTransaction(transactionId, true)).hash()}`,
  getTransactionHeight: () => client.getTransactionHeight(transactionId),
  getRawMemPool: () => client.getRawMemPool(),
  "getRawMemPool, with unverified": () => client.getRawMemPool(1),
  "getApplicationLog of a transaction": () => client.getApplicationLog(transactionId),
  "getApplicationLog of a block": () => client.getApplicationLog(block.hash),
  "getApplicationLog, types of the parsed events": async () =>
    (await client.getApplicationLog(transactionId)).executions.flatMap((execution) =>
      execution.notifications.map((event) => event.state.value.map((item) => new sc.StackItem(item).export().type)),
    ),

  getContractState: () => client.getContractState(plan.contract),
  "getContractState by native name": () => client.getContractState("NeoToken"),
  "getContractState by id": () => ask("getcontractstate", -5),
  "getContractState, parsed manifest": async () =>
    sc.ContractManifest.fromJson((await client.getContractState(plan.contract)).manifest).name,
  // The client reads a NEF with its script in hex and without method tokens, so a native contract's it is.
  "getContractState by native name, checksum of the parsed NEF": async () => {
    const { nef } = await client.getContractState("NeoToken");
    return sc.NEF.fromJson({ ...nef, script: u.base642hex(nef.script) }).checksum;
  },
  getNativeContracts: () => client.getNativeContracts(),
  "getNativeContracts, parsed manifests": async () =>
    (await client.getNativeContracts()).map((state) => sc.ContractManifest.fromJson(state.manifest).name),
  findStorage: () => client.findStorage(plan.contract, ""),
  "findStorage, next page": () => client.findStorage(plan.contract, "", 1),
  "getStorage of each found key": async () => {
    const { results } = await client.findStorage(plan.contract, "");
    return Promise.all(results.map(({ key }) => client.getStorage(plan.contract, u.base642hex(key))));
  },

  getNep17Balances: () => client.getNep17Balances(plan.account),
  "getNep17Balances by script hash": () => client.getNep17Balances(wallet.getScriptHashFromAddress(plan.account)),
  getNep17Transfers: () => client.getNep17Transfers(plan.account, plan.start_ms),
  "getNep17Transfers, times as texts": () =>
    client.getNep17Transfers(plan.account, String(plan.start_ms), String(plan.end_ms)),
  getNep11Balances: () => client.getNep11Balances(plan.account),
  // neon-js 5.9 sends this query under the name getnep17transfers; the next one is what it means.
  getNep11Transfers: () => client.getNep11Transfers(plan.account, plan.start_ms),
  "getNep11Transfers by its own name": () => ask("getnep11transfers", plan.account, plan.start_ms),
  getNep11Properties: () => client.execute(rpc.Query.getNep11Properties(plan.nft, plan.token_id)),
  "getnep5balances, as its page asks": () => ask("getnep5balances", "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1", 0),
  getUnclaimedGas: () => client.getUnclaimedGas(plan.account),

  "invokeFunction symbol": () => client.invokeFunction(neo, "symbol"),
  "invokeFunction decimals, parsed": async () =>
    rpc.buildParser(rpc.IntegerParser)(await client.invokeFunction(plan.token, "decimals")),
  "invokeFunction balanceOf": () => client.invokeFunction(neo, "balanceOf", [accountHash]),
  "invokeFunction with a signer": () =>
    client.invokeFunction(neo, "balanceOf", [accountHash], [new tx.Signer({ account: plan.account_hash, scopes: 1 })]),
  "Nep17Contract.balanceOf": () => token().balanceOf(plan.account),
  "Nep17Contract.name": () => token().name(),
  "NetworkFacade.initialize": async () => (await api.NetworkFacade.fromConfig({ node: plan.url })).magicNumber,

  "twelve reads at once": () =>
    Promise.all(Array.from({ length: 12 }, (_, index) => client.getBlockHash(index % (plan.block + 1)))),
  "batch of every block's hash": () =>
    client.executeAll(
      Array.from({ length: Math.min(plan.blocks, 100) }, (_, index) => rpc.Query.getBlockHash(index)),
    ),
  "batch of unlike queries": () =>
    client.executeAll(
      rpc.BatchQuery.of(rpc.Query.getBlockCount())
        .add(rpc.Query.getBlockHash(plan.block))
        .add(rpc.Query.getNep17Balances(plan.account))
        .add(rpc.Query.validateAddress(plan.account)),
    ),
};

const refusals = {
  "batch with a bad query": () =>
    client.executeAll([rpc.Query.getBlockCount(), rpc.Query.getBlock(unknownHash), rpc.Query.getBestBlockHash()]),
  "unknown block": () => client.getBlock(unknownHash),
  "unknown transaction": () => client.getRawTransaction(unknownHash),
  "height of an unknown transaction": () => client.getTransactionHeight(unknownHash),
  "log of an unknown transaction": () => client.getApplicationLog(unknownHash),
  "unknown contract": () => client.getContractState(`0x${"cd".repeat(20)}`),
  "verification by a contract without verify": () => client.invokeContractVerify(neo),
  "unknown method": () => ask("getnothing"),
};

await printAnswers({ reads, refusals });
