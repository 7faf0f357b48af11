// The same file by AWS's SDK for Node: read by shard, write rows, send parts. Prints the processor
// time, the time that passed, and the most memory held (MiB).
import { createRequire } from "node:module";

const [address, modules, size] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { DynamoDBClient, QueryCommand, BatchGetItemCommand } = require("@aws-sdk/client-dynamodb");
const S3 = require("@aws-sdk/client-s3");

const PART = 8 * 1024 * 1024;
const PARTS = ["street", "extra", "postcode", "city", "region", "country"];
const EXPORTED = [
  "id", "name", "company", "contact_person", "vat_number", "email", "email_status", "phone", "country",
  "delivery_address", "billing_address", "preferred_channels", "language", "currency", "discount", "birthday",
  "status", "temperature", "tags", "group", "source", "first_contact", "last_contact_at", "consents", "figures",
  "created_at", "updated_at",
];
const NAMES = Object.fromEntries(EXPORTED.map((name, number) => [`#${number}`, name]));
const ProjectionExpression = Object.keys(NAMES).join(",");
const COLUMNS = [
  "id", "name", "given_name", "family_name", "company", "contact_person", "vat_number", "email", "email_status",
  "phone", "country", "language", "currency", "discount", "birthday", "status", "temperature", "tags", "group",
  "source", "first_contact", "last_contact_at", "marketing_email", "preferred_channels",
  ...["delivery", "billing"].flatMap((of) => PARTS.map((part) => `${of}_${part}`)),
  "orders", "total", "last_order_on", "created_at", "updated_at",
];

function plain(value) {
  const [[kind, inner]] = Object.entries(value);
  if (kind === "M") return Object.fromEntries(Object.entries(inner).map(([name, part]) => [name, plain(part)]));
  return kind === "L" ? inner.map(plain) : inner;
}

function row(item) {
  const record = Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));
  const name = typeof record.name === "object" ? record.name : { full: record.name };
  const figures = record.figures ?? {};
  const total = figures.totals?.[record.currency];
  const source = record.source;
  const address = (of) => PARTS.map((part) => of?.[part]);
  return [
    record.id, name.full, name.given, name.family, record.company, record.contact_person, record.vat_number,
    record.email, record.email_status, record.phone, record.country, record.language, record.currency, record.discount,
    record.birthday, record.status, record.temperature, Object.keys(record.tags ?? {}).join(", "), record.group,
    source.kind === "form" ? `form:${source.form}` : source.kind, record.first_contact, record.last_contact_at,
    record.consents?.marketing_email?.state, (record.preferred_channels ?? []).join(", "),
    ...address(record.delivery_address), ...address(record.billing_address),
    figures.orders ?? 0, total === undefined ? "" : (Number(total) / 100).toFixed(2), figures.last_days?.at(-1),
    record.created_at, record.updated_at,
  ];
}

function cell(value) {
  const text = value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function main() {
  const settings = { endpoint: address, region: "eu-west-3" };
  const table = new DynamoDBClient(settings);
  const s3 = new S3.S3Client({ ...settings, forcePathStyle: true });
  const file = { Bucket: "exports", Key: "peer.csv" };
  const { UploadId } = await s3.send(new S3.CreateMultipartUploadCommand(file));
  const parts = [];
  let [text, rows] = [`${COLUMNS.join(",")}\r\n`, 0];
  const send = async () => {
    const PartNumber = parts.length + 1;
    const sent = await s3.send(new S3.UploadPartCommand({ ...file, UploadId, PartNumber, Body: Buffer.from(text) }));
    parts.push({ PartNumber, ETag: sent.ETag });
    text = "";
  };
  for (let shard = 0; shard < 4; shard += 1) {
    let start;
    do {
      const page = await table.send(new QueryCommand({
        TableName: "clientele", IndexName: "filter", Limit: 200, KeyConditionExpression: "#pk = :pk",
        ExpressionAttributeNames: { "#pk": "filter_pk" },
        ExpressionAttributeValues: { ":pk": { S: `main#F#${shard}` } }, ExclusiveStartKey: start,
      }));
      const keys = page.Items.map(({ pk, sk }) => ({ pk, sk }));
      for (let begin = 0; begin < keys.length; begin += 100) {
        const Keys = keys.slice(begin, begin + 100);
        const wanted = { clientele: { Keys, ProjectionExpression, ExpressionAttributeNames: NAMES } };
        const found = await table.send(new BatchGetItemCommand({ RequestItems: wanted }));
        for (const item of found.Responses.clientele) {
          text += `${row(item).map(cell).join(",")}\r\n`;
          rows += 1;
        }
      }
      if (text.length >= PART) await send();
      start = page.LastEvaluatedKey;
    } while (start);
  }
  await send();
  await s3.send(new S3.CompleteMultipartUploadCommand({ ...file, UploadId, MultipartUpload: { Parts: parts } }));
  if (rows !== Number(size)) throw new Error(`${rows} rows`);
}

const began = performance.now();
await main();
const { user, system } = process.cpuUsage();
const memory = Math.round(process.resourceUsage().maxRSS / 1024);
console.log((user + system) / 1e6, (performance.now() - began) / 1000, memory);
