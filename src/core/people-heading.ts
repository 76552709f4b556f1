import { type OwnField, type PersonDetail, personDetails } from './people.wire.ts';
import { guessColumns, plainHeading } from './roster-heading.ts';

/** Which column holds which field, counted from 0: those of a roster, details, and `own.ID`. */
export type PeopleColumns = Readonly<Record<string, number>>;

/** Headings of the details in lists of people, as `plainHeading` gives them. */
const headings: Readonly<Record<PersonDetail, string>> = {
  contact: `
    contact, phone, telephone, tel, mobile, mobile phone, cell, phone number, contact number,
    emergency contact, telefon, telefonnummer, mobil, handy, kontakt, telefone, telefono, movil,
    contacto, contatto, telephone portable, numero de telephone, telefoon, puhelin, телефон,
    контакт, τηλεφωνο, هاتف, الهاتف, טלפון, फोन, 电话, 電話, 電話番号, 전화, 전화번호, โทรศัพท์`,
  address: `
    address, postal address, home address, street, adresse, anschrift, direccion, domicilio,
    indirizzo, endereco, morada, adres, osoite, adress, адрес, διευθυνση, عنوان, العنوان, כתובת,
    पता, 地址, 住所, 주소, ที่อยู่`,
  birthDate: `
    birth date, birthdate, date of birth, dob, birthday, born, geburtsdatum, geburtstag, geboren,
    date de naissance, naissance, fecha de nacimiento, nacimiento, data di nascita, nascita,
    data de nascimento, nascimento, geboortedatum, fodelsedatum, fodselsdato, syntymaaika,
    data urodzenia, datum narozeni, dogum tarihi, tanggal lahir, ngay sinh, дата рождения,
    ημερομηνια γεννησης, تاريخ الميلاد, תאריך לידה, जन्म तिथि, 出生日期, 生年月日, 생년월일, วันเกิด`,
  job: `
    job, job title, title, position, role, occupation, function, beruf, stelle, funktion, poste,
    fonction, profession, puesto, cargo, profesion, ruolo, mansione, funcao, functie, beroep,
    titel, stilling, tehtava, stanowisko, pozice, gorev, jabatan, chuc vu, должность, θεση,
    الوظيفة, תפקיד, पद, 职位, 職位, 職務, 직위, ตำแหน่ง`,
  department: `
    department, dept, division, team, unit, faculty, class, section, abteilung, bereich, fakultat,
    klasse, departement, service, division, classe, departamento, area, seccion, facultad, clase,
    dipartimento, reparto, afdeling, avdelning, avdeling, osasto, dzial, oddeleni, bolum,
    departemen, phong ban, отдел, подразделение, τμημα, القسم, מחלקה, विभाग, 部门, 部門, 部署, 부서, แผนก`,
};

const detailOf = new Map<string, PersonDetail>();
for (const detail of personDetails) {
  for (const word of headings[detail].split(',')) {
    const known = plainHeading(word);
    if (!detailOf.has(known)) detailOf.set(known, detail);
  }
}

/** The columns that a first row names. The organisation's own fields go before all others, as they were named by it. */
export function guessPeopleColumns(
  header: readonly string[],
  fields: readonly OwnField[],
): PeopleColumns {
  const columns: Record<string, number> = {};
  const ownOf = new Map(fields.map(({ id, name }) => [plainHeading(name), `own.${id}`]));
  const rest = header.map((cell, index) => {
    const own = ownOf.get(plainHeading(cell));
    if (own === undefined || columns[own] !== undefined) return cell;
    columns[own] = index;
    return '';
  });
  for (const [index, cell] of rest.entries()) {
    const detail = detailOf.get(plainHeading(cell));
    if (detail && columns[detail] === undefined) columns[detail] = index;
  }
  const taken = new Set(Object.values(columns));
  const { from: _from, until: _until, ...known } = guessColumns(rest);
  for (const [field, index] of Object.entries(known)) {
    if (!taken.has(index)) columns[field] = index;
  }
  return columns;
}
