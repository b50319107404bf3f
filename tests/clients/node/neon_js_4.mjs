// The reads of neon-js 4, the client of Neo 2.

import { load, plan, printAnswers } from "./answers.mjs";

const { api, rpc, sc, tx } = load("neon-js-4");

const client = new rpc.RPCClient(plan.url);
const provider = new api.neoCli.instance(plan.url);
const unknownHash = "ab".repeat(32);

const block = await client.getBlock(plan.block);
// The first one is the miner's, which runs no script and has no log.
const transactionId = block.tx.at(-1).txid;
const ask = async (method, ...params) => (await client.query({ method, params })).result;
const token = (await ask("getnep5balances", plan.account)).balance[0].asset_hash;
const invoked = async (parser, method, ...params) =>
  rpc.buildParser(parser)(await client.invokeFunction(token, method, ...params))[0];

const reads = {
  getVersion: () => client.getVersion(),
  getBlockCount: () => client.getBlockCount(),
  getBestBlockHash: () => client.getBestBlockHash(),
  getBlockHash: () => client.getBlockHash(plan.block),
  getBlockSysFee: () => client.getBlockSysFee(plan.block),
  getConnectionCount: () => client.getConnectionCount(),
  getPeers: () => client.getPeers(),
  getRawMemPool: () => client.getRawMemPool(),
  getValidators: () => client.getValidators(),
  "validateAddress, right": () => client.validateAddress(plan.account),
  "validateAddress, wrong": () => client.validateAddress("no address"),
  "getBlock by index": () => client.getBlock(plan.block, 0),
  "getBlock by hash": () => client.getBlock(block.hash, 0),
  "getBlock by index, verbose": () => client.getBlock(plan.block),
  "getBlock by hash, verbose": () => client.getBlock(block.hash),
  "getBlockHeader by index, verbose": () => ask("getblockheader", plan.block, 1),
  getRawTransaction: () => client.getRawTransaction(transactionId, 0),
  "getRawTransaction, verbose": () => client.getRawTransaction(transactionId),
  "getRawTransaction, hash of the parsed bytes": async () =>
    `0x${tx.Transaction.deserialize(await client.getRawTransaction(transactionId, 0)).hash}`,
  getContractState: () => client.getContractState(token),
  "getStorage of a key that is not there": () => client.getStorage(token, "00ff"),
  "getTxOut of an output that is not there": () => client.getTxOut(transactionId, 0),
  "invokeFunction symbol": () => invoked(rpc.StringParser, "symbol"),
  "invokeFunction decimals": () => invoked(rpc.IntegerParser, "decimals"),
  "invokeFunction balanceOf": () =>
    invoked(rpc.IntegerParser, "balanceOf", sc.ContractParam.byteArray(plan.account, "address")),
  getAccountState: () => client.getAccountState(plan.account),
  getAssetState: () => client.getAssetState(plan.governing_asset),
  getNep5Balances: () => ask("getnep5balances", plan.account),
  getNep5Transfers: () => ask("getnep5transfers", plan.account, plan.start_s),
  listPlugins: () => ask("listplugins"),
  getApplicationLog: () => ask("getapplicationlog", transactionId),
  getUnspents: () => client.getUnspents(plan.account),
  getClaimable: () => client.getClaimable(plan.account),
  getUnclaimed: () => client.getUnclaimed(plan.account),
  getUtxoTransfers: () => ask("getutxotransfers", plan.account),
  "provider's getBalance": async () => (await provider.getBalance(plan.account)).export(),
  "provider's getClaims": async () => (await provider.getClaims(plan.account)).export(),
  "provider's getMaxClaimAmount": async () => (await provider.getMaxClaimAmount(plan.account)).toString(),
};

const refusals = {
  "unknown block": () => client.getBlock(unknownHash),
  "unknown transaction": () => client.getRawTransaction(unknownHash),
  "unknown method": () => ask("getnothing"),
};

await printAnswers({ reads, refusals });
