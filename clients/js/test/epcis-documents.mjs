// EPCIS documents as partners' systems write them, about the maker's products on a development chain.

import { parties, withCheckDigit } from '../src/provenance.mjs';

/** The company prefix of all location numbers, products and logistic units here. */
const PREFIX = '0614141';
const PRODUCT = '12345';
const CONTEXT = 'https://ref.gs1.org/standards/epcis/epcis-context.jsonld';
const DSCSA = 'http://epcis.gs1us.org/hc/ns';

/** A case of the product, by the indicator in front. */
export const CASE_GTIN = withCheckDigit(`1${PREFIX}${PRODUCT}`);

/** The location numbers of the premises at which the parties work. */
export const premises = {
  maker: '0614141000036',
  wholesaler: '0614141000043',
  pharmacy: '0614141000050',
};

const reference = (gln) => gln.slice(PREFIX.length, -1);

/** A place, by its location number. */
export const place = (gln) => `urn:epc:id:sgln:${PREFIX}.${reference(gln)}.0`;

/** A party, by its name here. */
const party = (name) => `urn:epc:id:pgln:${PREFIX}.${reference(parties[name].gln)}`;

export const packEpc = (serial) => `urn:epc:id:sgtin:${PREFIX}.0${PRODUCT}.${serial}`;
export const caseEpc = (serial) => `urn:epc:id:sgtin:${PREFIX}.1${PRODUCT}.${serial}`;
export const lotClass = (number) => `urn:epc:class:lgtin:${PREFIX}.0${PRODUCT}.${number}`;

/** The logistic unit of which `sscc(number)` is the number. */
export const unitEpc = (number) => `urn:epc:id:sscc:${PREFIX}.0${String(number).padStart(9, '0')}`;

/** Thirty-two bytes in hexadecimal, as an `eventID` has them. */
export const hashIn = (eventID) => {
  const [, digits] = /^ni:\/\/\/sha-256;([0-9a-f]{64})\?ver=CBV2\.0$/.exec(eventID) ?? [];
  if (!digits) throw new Error(`${eventID} is no event hash`);
  return `0x${digits}`;
};

/** An EPCIS 2.0 document. */
export const document = (events, { statement = false } = {}) => ({
  '@context': [CONTEXT, { gs1ushc: DSCSA }],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: new Date().toISOString(),
  ...(statement && {
    epcisHeader: { 'gs1ushc:dscsaTransactionStatement': { 'gs1ushc:affirmTransactionStatement': 'true' } },
  }),
  epcisBody: { eventList: events },
});

/** Something that happened at somebody's premises at `time`, UTC milliseconds. */
export const happening = (type, who, time, fields) => ({
  type,
  eventTime: new Date(time).toISOString(),
  eventTimeZoneOffset: '+00:00',
  readPoint: { id: place(premises[who]) },
  ...fields,
});

const master = ({ lot, expiry }) => ({ 'cbvmda:lotNumber': lot, 'cbvmda:itemExpirationDate': expiry });

/** Things come to be; `made` is lot and expiry, which packs have and containers need not. */
export const commissioning = (who, time, epcList, made) =>
  happening('ObjectEvent', who, time, {
    epcList,
    action: 'ADD',
    bizStep: 'commissioning',
    disposition: 'active',
    ...(made && { ilmd: master(made) }),
  });

/** A lot comes to be without naming its packs. */
export const commissioningLot = (who, time, quantity, made) =>
  happening('ObjectEvent', who, time, {
    quantityList: [{ epcClass: lotClass(made.lot), quantity }],
    action: 'ADD',
    bizStep: 'commissioning',
    disposition: 'active',
    ilmd: master(made),
  });

export const packing = (who, time, parentID, childEPCs) =>
  happening('AggregationEvent', who, time, {
    parentID,
    childEPCs,
    action: 'ADD',
    bizStep: 'packing',
    disposition: 'in_progress',
  });

/** Everything comes out. */
export const unpacking = (who, time, parentID) =>
  happening('AggregationEvent', who, time, {
    parentID,
    action: 'DELETE',
    bizStep: 'unpacking',
    disposition: 'in_progress',
  });

export const shipping = (who, time, to, epcList, { order } = {}) =>
  happening('ObjectEvent', who, time, {
    epcList,
    action: 'OBSERVE',
    bizStep: 'shipping',
    disposition: 'in_transit',
    ...(order && { bizTransactionList: [{ type: 'po', bizTransaction: order }] }),
    sourceList: [
      { type: 'owning_party', source: party(who) },
      { type: 'location', source: place(premises[who]) },
    ],
    destinationList: [
      { type: 'owning_party', destination: party(to) },
      { type: 'location', destination: place(premises[to]) },
    ],
  });

export const receiving = (who, time, epcList) =>
  happening('ObjectEvent', who, time, {
    epcList,
    action: 'OBSERVE',
    bizStep: 'receiving',
    disposition: 'in_progress',
  });

export const dispensing = (who, time, epcList) =>
  happening('ObjectEvent', who, time, {
    epcList,
    action: 'DELETE',
    bizStep: 'dispensing',
    disposition: 'dispensed',
  });

/** Object events without parties, transactions and ILMD as an EPCIS 1.2 document. */
export function asXml(events) {
  const element = ({ eventTime, eventTimeZoneOffset, epcList, action, bizStep, disposition, readPoint }) => `
      <ObjectEvent>
        <eventTime>${eventTime}</eventTime>
        <eventTimeZoneOffset>${eventTimeZoneOffset}</eventTimeZoneOffset>
        <epcList>${epcList.map((epc) => `<epc>${epc}</epc>`).join('')}</epcList>
        <action>${action}</action>
        <bizStep>urn:epcglobal:cbv:bizstep:${bizStep}</bizStep>
        <disposition>urn:epcglobal:cbv:disp:${disposition}</disposition>
        <readPoint><id>${readPoint.id}</id></readPoint>
      </ObjectEvent>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2"
    creationDate="${new Date().toISOString()}">
  <EPCISBody>
    <EventList>${events.map(element).join('')}
    </EventList>
  </EPCISBody>
</epcis:EPCISDocument>
`;
}
