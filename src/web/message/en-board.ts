import type { Catalogue } from './message.ts';

/** Texts of the board, the projector view and a session's printed register. */
export const enBoard = {
  // the session
  'board.planned': 'Planned',
  'board.open': 'Open',
  'board.closed': 'Closed',
  'board.cancelled': 'Cancelled',
  'board.paused': 'Paused',
  'board.since': 'since {time}',
  'board.from-to': '{from} to {to}',
  'board.closes-at': 'closes by itself at {time}',
  'board.quick-roll': 'Quick roll',
  'board.in-zone': 'Times in {zone}',
  'board.opens-at': 'Opens by itself at {time}',
  'board.closed-at': 'Closed at {time}',
  'board.cancel-reason': 'Reason: {reason}',
  'board.gone': 'This board is not open to you any more',

  // the line to the server
  'board.live': 'Live',
  'board.connecting': 'Connecting',
  'board.reconnecting': 'Reconnecting, showing {time}',
  'board.unsynced': {
    by: 'count',
    one: '{count} mark not saved yet',
    other: '{count} marks not saved yet',
  },

  // the code
  'board.code': 'Check-in code',
  'board.code-alt': 'QR code that opens {url}',
  'board.code-how': 'Scan with the phone’s own camera',
  'board.code-or': 'or open',
  'board.code-type': 'and type',
  'board.code-waiting': 'Waiting for a new code',
  'board.code-stale': 'The code is out of date until the connection is back.',
  'board.code-paused': 'The code is paused',
  'board.code-paused-lead': 'Nobody can start to check in. Whoever has scanned already can finish.',
  'board.seconds': { by: 'count', one: '{count} second left', other: '{count} seconds left' },
  'board.refresh': 'New code',
  'board.refreshed': 'New code. Every earlier code and link is void.',
  'board.pause': 'Pause',
  'board.resume': 'Resume',
  'board.projector': 'Projector view',
  'board.hide-code': 'Hide the code',
  'board.show-code': 'Show the code',

  // the network
  'board.address': 'Address in the code',
  'board.address-hint': 'Phones must reach it: choose the network that they are on.',
  'board.address-saved': 'The code now carries {address}.',
  'board.help': 'Phone cannot connect?',
  'board.help-wifi': 'Is the phone on the same network?',
  'board.help-wifi-1':
    'On the phone, open Settings, Wi-Fi, and choose the network that this machine uses. Guest networks and mobile data do not reach it.',
  'board.help-wifi-2': 'If this machine has several networks, try another address above.',
  'board.help-try': 'Try it: open {address} in the phone’s browser',
  'board.help-try-1':
    'If the page opens, the network is fine: scan again, closer and with the whole code in view.',
  'board.help-try-2': 'If it loads for ever, go on below.',
  'board.help-firewall-windows': 'Windows: let Muster through the firewall',
  'board.help-firewall-windows-1':
    'Open Windows Security, “Firewall & network protection”, “Allow an app through firewall”.',
  'board.help-firewall-windows-2':
    'Choose “Change settings”, find Node.js, and tick both Private and Public. If it is not listed, add it with “Allow another app”.',
  'board.help-firewall-windows-3':
    'Or set this network to Private: Settings, Network & internet, the network’s properties.',
  'board.help-firewall-mac': 'macOS: let Muster through the firewall',
  'board.help-firewall-mac-1':
    'Open System Settings, Network, Firewall. If it is on, choose Options.',
  'board.help-firewall-mac-2':
    'Set “node” to “Allow incoming connections”, and switch off “Block all incoming connections”.',
  'board.help-isolation': 'The Wi-Fi keeps devices apart (client isolation)',
  'board.help-isolation-1':
    'Many school, hotel and guest networks do. Every phone then fails, though all are on the right Wi-Fi.',
  'board.help-isolation-2':
    'Ask whoever runs the network to allow traffic between devices, or use a hotspot.',
  'board.help-hotspot': 'What always works: a hotspot',
  'board.help-hotspot-1':
    'Switch on the hotspot of this machine or of one phone, and join it with this machine.',
  'board.help-hotspot-2':
    'Let the phones join it; nothing leaves the room, so no mobile data is used up.',
  'board.help-hotspot-3': 'Then choose the hotspot’s address above; the code changes at once.',
  'board.help-hand': 'No phone at all? Mark by hand: choose the name in the list and press P.',

  // the machine's own news
  'board.warn-slept':
    'This machine slept for {minutes} min until {time}. Phones could not check in meanwhile.',
  'board.warn-slept-short': 'This machine slept until {time}. Phones could not check in meanwhile.',
  'board.warn-address':
    'The network address changed at {time}. Check that the code carries an address that the phones reach.',
  'board.warn-clock':
    'The clock of this machine was set at {time}. Times before and after may not fit together.',
  'board.warn-day-file':
    'The day file is open in another program. Close it there; until then check-ins are kept safe here.',
  'board.warn-disk': 'The disk is full. Check-ins are refused until there is room.',
  'board.warn-guessing':
    'Somebody is guessing typed codes (since {time}). Scanning still works; a new code stops the guessing.',
  'board.warn-bus':
    'The servers cannot wake each other (since {time}). All is kept safe; changes show half a second later.',
  'board.warn-hide': 'Hide',

  // counts
  'board.counts': 'Counts',
  'board.missing': 'Missing',

  // the list
  'board.list': '{Attendees}',
  'board.tab-all': 'All',
  'board.tab-missing': 'Missing',
  'board.tab-here': 'Here',
  'board.tab-conflicts': 'Conflicts',
  'board.order': 'Order',
  'board.order-newest': 'Newest first',
  'board.order-number': 'By number',
  'board.order-name': 'By name',
  'board.search': 'Search by number or name',
  'board.held': { by: 'count', one: '{count} more came in', other: '{count} more came in' },
  'board.guest': 'Guest',
  'board.not-saved': 'not saved yet',
  'board.minutes-late': '{minutes} min late',
  'board.how-code': 'scanned',
  'board.how-typed': 'typed code',
  'board.how-terminal': 'password or PIN at a terminal',
  'board.how-host': 'by hand',
  'board.how-closing': 'by closing',
  'board.how-import': 'from a file',
  'board.mark-as': '{name}: {status}',
  'board.more-of': 'More about {name}',
  'board.nobody-yet': 'Nobody is here yet',
  'board.nobody-yet-lead':
    'Show the code. Names appear here as phones check in; no roster is needed.',
  'board.nobody-planned-lead': 'Names appear here once the session is open.',
  'board.nobody-enrolled': 'Nobody is enrolled in this {group} on this day',
  'board.nobody-enrolled-lead':
    'Whoever checks in appears here as a guest. Add people on the page of the {group}.',
  'board.to-group': 'Go to the {group}',
  'board.none-missing': 'Nobody is missing',
  'board.none-here': 'Nobody is here yet',
  'board.none-conflicts': 'No conflicts',
  'board.mark-rest-as': { by: 'count', one: 'Mark {count} as', other: 'Mark all {count} as' },

  // what was done
  'board.did-mark': '{name}: {status}',
  'board.did-mark-many': {
    by: 'count',
    one: '{count} name: {status}',
    other: '{count} names: {status}',
  },
  'board.did-note': '{name}: note saved',
  'board.did-undo': '{name}: taken back',
  'board.did-undo-many': { by: 'count', one: '{count} taken back', other: '{count} taken back' },
  'board.unmarked': 'unmarked',

  // one person
  'board.note': 'Note',
  'board.note-hint': 'Seen by the {hosts} only. At most 500 characters.',
  'board.save-note': 'Save the note',
  'board.clear-mark': 'Take the mark away',
  'board.history': 'What happened',
  'board.history-empty': 'Nothing has happened yet.',
  'board.history-by': 'by {actor}',
  'board.history-proof': 'Proof {hash}',
  'board.history-received': 'received at {time}',
  'board.actor-phone': 'a phone',
  'board.actor-job': 'Muster itself',
  'board.actor-operator': 'the operator of the machine',
  'board.event-check-in': 'Checked in: {record}',
  'board.event-disputed': 'A second phone claimed this number',
  'board.event-mark': 'Marked {record}',
  'board.event-closing': 'Closing the session set {record}',
  'board.event-unmark': 'The mark was taken away',
  'board.event-undo': 'The change before was taken back: {record}',
  'board.event-note': 'Note: {note}',
  'board.event-note-away': 'The note was removed',
  'board.event-settle': 'The conflict was settled: {record}',
  'board.event-merge': 'A guest was merged into this person: {record}',
  'board.event-import': 'Taken over from a file: {record}',
  'board.event-other': 'Changed: {record}',
  'board.event-nothing': 'nothing stands',

  // guests
  'board.merge': 'This guest is really somebody enrolled',
  'board.merge-hint': 'The earlier arrival of the two stands, and the guest’s own entry goes.',
  'board.merge-search': 'Search the enrolled',
  'board.merge-into': 'Merge into {name}',
  'board.merged': '{guest} is now {name}.',
  'board.merge-none': 'Nobody enrolled matches.',

  // conflicts
  'board.conflict-title': {
    by: 'count',
    one: 'Two phones claim the same number',
    other: '{count} numbers are claimed by more than one phone',
  },
  'board.conflict-lead': 'Look at the phones: each shows one of these marks. Keep the right one.',
  'board.conflict-keep': 'Keep {mark}, since {time}',
  'board.conflict-keep-word': 'keep this phone',
  'board.conflict-neither': 'Neither',
  'board.conflict-settled': '{name} is settled.',

  // roster
  'board.attach': 'Attach a roster',
  'board.attach-lead':
    'Everybody who checked in is matched by number. Whoever is not on the roster stays as a guest.',
  'board.attach-none': 'There is no {group} yet. Add one first.',
  'board.attach-people': { by: 'count', one: '{count} person', other: '{count} people' },
  'board.attached': '{matched} matched, {guests} left as guests.',

  // moves
  'board.open-now': 'Open now',
  'board.close': 'Close',
  'board.close-and-mark': {
    by: 'count',
    one: 'Close and mark {count} absent',
    other: 'Close and mark {count} absent',
  },
  'board.closed-said': {
    by: 'count',
    one: 'Closed. {count} was marked absent.',
    other: 'Closed. {count} were marked absent.',
  },
  'board.closed-plain': 'Closed.',
  'board.reopen': 'Reopen',
  'board.reopened': 'Open again. Whoever the closing marked absent may still check in.',
  'board.cancel': 'Cancel the session',
  'board.cancel-lead':
    'The session then counts for nobody, and no phone can check in. It can be reopened.',
  'board.cancel-why': 'Reason',
  'board.cancel-do': 'Cancel the session',
  'board.cancelled-said': 'The session is cancelled.',
  'board.more': 'More',
  'board.csv': 'Download as CSV',
  'board.register': 'Register to print',
  'board.to-board': 'Board',

  // settings
  'board.settings': 'Settings of this session',
  'board.set-title': 'Title',
  'board.set-late': 'Late after (minutes)',
  'board.set-late-hint': 'Counted from the start. Marks that stand are not changed.',
  'board.set-step': 'A new code every (seconds)',
  'board.set-step-hint': '1 to 60. Shorter is harder to pass on; 30 suits slow phones.',
  'board.set-end': 'End',
  'board.set-end-hint': 'Empty: it stays open until you close it.',
  'board.set-grace': 'Closes by itself after the end (minutes)',
  'board.set-typed': 'Typed code',
  'board.set-typed-hint': 'For phones that cannot scan. It proves less, as it can be passed on.',

  // keys
  'board.key-move': 'Move through the names',
  'board.key-present': 'Mark present',
  'board.key-late': 'Mark late',
  'board.key-absent': 'Mark absent',
  'board.key-excused': 'Mark excused',
  'board.key-clear': 'Take the mark away',
  'board.key-note': 'Write a note',
  'board.key-open': 'Everything about the person',
  'board.key-undo': 'Take the last change back',

  // the projector view
  'projector.names': 'Show who came last',
  'projector.counts': 'Show counts',
  'projector.full-screen': 'Full screen',
  'projector.theme': 'Light or dark',
  'projector.closed': 'Closed',
  'projector.cancelled': 'Cancelled',
  'projector.planned': 'Starts at {time}',
  'projector.paused': 'Paused',
  'projector.offline': 'One moment',
  'projector.scan': 'Scan with your camera',
  'projector.open': 'or open',
  'projector.type': 'and type',
  'projector.here': '{count} here',
  'projector.late': '{count} late',
  'projector.missing': '{count} missing',
  'projector.last': 'Just in',

  // the printed register
  'register.title': 'Register: {title}',
  'register.number': 'Number',
  'register.name': 'Name',
  'register.status': 'Status',
  'register.time': 'Time',
  'register.late': 'Min late',
  'register.how': 'How',
  'register.note': 'Note',
  'register.totals': 'Totals',
  'register.rate': '{rate} attended',
  'register.group': '{Group}',
  'register.state': 'Session',
  'register.date': 'Date',
  'register.start': 'Start',
  'register.end': 'End',
  'register.signature': 'Signature',
  'register.as-of': 'As of {time}',
  'register.unclosed':
    'The session is not closed yet: whoever is unmarked here may still check in.',
} as const satisfies Catalogue;
