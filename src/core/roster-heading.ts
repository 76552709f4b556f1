import type { RosterField } from './roster.wire.ts';

/** Which column of a table holds which field, counted from 0. */
export type Columns = Partial<Record<RosterField, number>>;

/**
 * Headings as they stand in lists of people, written in lower case without marks. Predecessor lists (`roll number`, `student id`) stand among them.
 */
const headings: Readonly<Record<RosterField, string>> = {
  number: `
    number, no, nr, n, num, n etudiant, id, roll, roll no, roll number, rollno, rollnumber, student id,
    studentid, student no, student number, studentnumber, sid, usn, admission no,
    admission number, registration no, registration number, reg no, enrollment no,
    enrollment number, enrolment number, matric no, matriculation number, index number, index no,
    serial number, serial no, staff id, staff number, employee id, employee no, employee number,
    employeeid, personnel number, badge, nummer, matrikelnummer, matrikelnr, matrikel nr,
    schulernummer, personalnummer, numero, no etudiant, numero etudiant, matricule,
    numero d etudiant, identifiant, matricula, n de matricula, legajo, codigo, expediente,
    documento, cedula, ra, numero de matricula, numero de aluno, matricola, numero di matricola,
    studentnummer, leerlingnummer, studienummer, elevnummer, opiskelijanumero, numer, nr albumu,
    numer albumu, nr indeksu, cislo, osobni cislo, numara, ogrenci no, ogrenci numarasi, okul no,
    nim, nis, nomor, nomor induk, ma so, mssv, ma sinh vien, номер, номер зачетки,
    табельный номер, αριθμος, αρ μητρωου, رقم, الرقم, رقم الطالب, مספר, מספר, תז, מספר סטודנט,
    شماره, شماره دانشجویی, अनुक्रमांक, क्रमांक, रोल नंबर, 学号, 學號, 编号, 編號, 工号, 学籍番号, 番号, 출석번호, 학번,
    번호, 사번, รหัส, รหัสนักศึกษา, เลขที่`,
  name: `
    name, full name, fullname, student name, studentname, student, employee name, employee,
    display name, participant, attendee, vollstandiger name, teilnehmer, schuler, nom complet,
    nom et prenom, nom prenom, etudiant, eleve, nombre completo, nombre y apellidos,
    nombres y apellidos, apellidos y nombres, alumno, estudiante, nome completo, aluno,
    nome e cognome, studente, naam, volledige naam, leerling, namn, navn, nimi, imie i nazwisko,
    nazwisko i imie, jmeno a prijmeni, cele jmeno, ad soyad, adi soyadi, isim, nama,
    nama lengkap, ho ten, ho va ten, фио, имя и фамилия, полное имя, піб, ονοματεπωνυμο, الاسم,
    اسم, الاسم الكامل, اسم الطالب, שם, שם מלא, نام و نام خانوادگی, नाम, पूरा नाम, 姓名, 名字, 氏名, 名前,
    이름, 성명, ชื่อ`,
  firstName: `
    first name, firstname, given name, givenname, forename, first, vorname, prenom, prenoms,
    nombre, nombres, primeiro nome, nome, voornaam, fornamn, fornavn, etunimi, imie, jmeno,
    krestni jmeno, ad, adi, nama depan, ten, имя, ім я, ονομα, الاسم الاول, שם פרטי, نام,
    पहला नाम, 名`,
  lastName: `
    last name, lastname, surname, family name, familyname, last, nachname, familienname, nom,
    nom de famille, apellido, apellidos, sobrenome, apelido, cognome, achternaam, efternamn,
    efternavn, etternavn, sukunimi, nazwisko, prijmeni, soyad, soyadi, nama belakang, ho,
    фамилия, прізвище, επωνυμο, اسم العائلة, שם משפחה, نام خانوادگی, उपनाम, 姓, 성`,
  email: `
    email, e mail, mail, email address, e mail address, emailaddress, e mail adresse,
    email adresse, courriel, adresse mail, adresse email, adresse e mail, correo,
    correo electronico, e posta, eposta, e post, epost, sahkoposti, posta elettronica, почта,
    электронная почта, эл почта, البريد الالكتروني, البريد, דוא ל, אימייל, ایمیل, ईमेल, 邮箱, 电子邮件,
    電子郵件, メール, メールアドレス, 이메일, อีเมล`,
  from: `
    from, start, start date, enrolled, enrolled from, enrolled on, joined, since,
    enrollment date, enrolment date, von, ab, seit, eintritt, beginn, du, debut, date d entree,
    desde, inicio, dal, inizio, vanaf, od, с, начало`,
  until: `
    until, to, end, end date, left, dropped, dropped on, bis, austritt, ende, au, jusqu au, fin,
    hasta, ate, al, fine, tot, do, по, конец`,
};

/** A heading as it is compared: lower case, no marks, single spaces. */
export const plainHeading = (heading: string): string =>
  heading
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/gu, 'ss')
    .replace(/ı/gu, 'i')
    .replace(/ł/gu, 'l')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const fieldOf = new Map<string, RosterField>();
for (const [field, words] of Object.entries(headings)) {
  for (const word of words.split(',')) {
    const known = plainHeading(word);
    if (!fieldOf.has(known)) fieldOf.set(known, field as RosterField);
  }
}

/** The columns that a first row names; the first of two columns for one field stands. */
export function guessColumns(header: readonly string[]): Columns {
  const columns: Columns = {};
  for (const [index, cell] of header.entries()) {
    const field = fieldOf.get(plainHeading(cell));
    if (field && columns[field] === undefined) columns[field] = index;
  }
  // "Nombre, Apellidos" and "Nom, Prénom" are halves of a name; alone each is the whole of it
  const { firstName, lastName } = columns;
  if (columns.name === undefined && (firstName === undefined) !== (lastName === undefined)) {
    const whole = firstName ?? lastName;
    delete columns.firstName;
    delete columns.lastName;
    return { ...columns, name: whole as number };
  }
  if (columns.name !== undefined && firstName === undefined && lastName !== undefined) {
    // "Name, Vorname" and "Name, Surname": the rest of the name stands beside it
    const { name, ...rest } = columns;
    return { ...rest, firstName: name };
  }
  if (columns.name !== undefined && lastName === undefined && firstName !== undefined) {
    const { name, ...rest } = columns;
    return { ...rest, lastName: name };
  }
  return columns;
}

/** Whether the first row is a header rather than a person: it names a number or a name, and holds no address. */
export function isHeader(first: readonly string[]): boolean {
  const { number, name, firstName, lastName, email } = guessColumns(first);
  if (first.some((cell) => cell.includes('@'))) return false;
  return [number, name, firstName, lastName, email].some((column) => column !== undefined);
}

/** Columns of a table without a header: an address is the e-mail, then number and name in their usual order. */
export function guessColumnsByContent(rows: readonly (readonly string[])[]): Columns {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const indexes = Array.from({ length: width }, (_, index) => index);
  const share = (column: number, matches: RegExp) =>
    rows.filter((row) => matches.test(row[column] ?? '')).length / Math.max(1, rows.length);
  const email = indexes.find((column) => share(column, /@/) > 0.5);
  const others = indexes.filter((column) => column !== email);
  const number = others.find((column) => share(column, /\p{N}/u) > 0.5) ?? others[0];
  const name = others.find((column) => column !== number && share(column, /\p{L}/u) > 0.5);
  return {
    ...(number === undefined ? {} : { number }),
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
  };
}
