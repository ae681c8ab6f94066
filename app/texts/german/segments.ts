/** Segments, from the list to the explanation. */
export const segments = {
  "More actions": "Weitere Aktionen",
  "There is no such segment": "Dieses Segment gibt es nicht",
  "It may have been removed, and can then be restored from the list of segments; or the link is mistyped.":
    "Vielleicht wurde es entfernt, dann können Sie es aus der Liste der Segmente wiederherstellen; oder der Link ist falsch geschrieben.",
  "It was deleted, or the link is mistyped.": "Es wurde gelöscht, oder der Link ist falsch geschrieben.",
  "All segments": "Alle Segmente",
  "Say first what is to become of its lists.": "Sagen Sie zuerst, was aus seinen Listen werden soll.",

  "By {author}, {when}": "Von {author}, {when}",
  "{count} person still to leave": "{count} Person muss noch austreten",
  "{count} people still to leave": "{count} Personen müssen noch austreten",
  "{destination}: the list is empty": "{destination}: Die Liste ist leer",
  "{destination}: the list is empty, {leaving} still to be taken off":
    "{destination}: Die Liste ist leer, noch herunterzunehmen: {leaving}",
  "{destination}: the list keeps {count} person": "{destination}: Auf der Liste bleibt {count} Person",
  "{destination}: the list keeps {count} people": "{destination}: Auf der Liste bleiben {count} Personen",
  "{destination}: the list keeps {count} person, {leaving} still to be taken off":
    "{destination}: Auf der Liste bleibt {count} Person, noch herunterzunehmen: {leaving}",
  "{destination}: the list keeps {count} people, {leaving} still to be taken off":
    "{destination}: Auf der Liste bleiben {count} Personen, noch herunterzunehmen: {leaving}",
  "Its automation comes back with it, and run for nobody who is only back":
    "Seine Automatisierung kommt mit ihm zurück und läuft für niemanden, der nur wieder da ist",
  "Its {count} automations come back with it, and run for nobody who is only back":
    "Seine {count} Automatisierungen kommen mit ihm zurück und laufen für niemanden, der nur wieder da ist",
  "Its automation comes back with it, and run for nobody who is only back; {waiting} still to be sent":
    "Seine Automatisierung kommt mit ihm zurück und läuft für niemanden, der nur wieder da ist; noch zu senden: {waiting}",
  "Its {count} automations come back with it, and run for nobody who is only back; {waiting} still to be sent":
    "Seine {count} Automatisierungen kommen mit ihm zurück und laufen für niemanden, der nur wieder da ist; noch zu senden: {waiting}",
  "Review: {count}": "Prüfen: {count}",
  "{destination}: paused": "{destination}: pausiert",
  "{destination}: {count} to send": "{destination}: {count} zu senden",
  "Being decided": "Wird ermittelt",
  "Being decided: {share}%": "Wird ermittelt: {share} %",
  "Exact now": "Jetzt genau",
  "Exact as of {at}": "Genau, Stand {at}",
  "Its rule is being decided for everybody: {done} of {total} customers so far":
    "Seine Regel wird für alle ermittelt: bisher {done} von {total} Kunden",
  "A segment its rule asks for is being decided for everybody":
    "Ein Segment, nach dem seine Regel fragt, wird für alle ermittelt",
  "{count} message from your shop is still to be read": "{count} Nachricht aus Ihrem Shop ist noch zu lesen",
  "{count} messages from your shop are still to be read": "{count} Nachrichten aus Ihrem Shop sind noch zu lesen",
  "{count} browser or name is being looked up: whose it is":
    "Bei {count} Browser oder Namen wird nachgesehen, wem er gehört",
  "{count} browsers and names are being looked up: whose they are":
    "Bei {count} Browsern und Namen wird nachgesehen, wem sie gehören",
  "{count} customer waits to be decided anew": "{count} Kunde wartet darauf, neu ermittelt zu werden",
  "{count} customers wait to be decided anew": "{count} Kunden warten darauf, neu ermittelt zu werden",
  "{count} customer is late in changing by time": "{count} Kunde wechselt verspätet durch Zeitablauf",
  "{count} customers are late in changing by time": "{count} Kunden wechseln verspätet durch Zeitablauf",

  Members: "Mitglieder",
  "Entered|how many": "Eintritte",
  "Left|how many": "Austritte",
  "True at this moment. Entered and left: in the last 24 hours. The lines show 30 days.":
    "Genau in diesem Augenblick. Ein- und Austritte: der letzten 24 Stunden. Die Linien zeigen 30 Tage.",
  "From {first} to {last} members in {count} day": "Von {first} auf {last} Mitglieder in {count} Tag",
  "From {first} to {last} members in {count} days": "Von {first} auf {last} Mitglieder in {count} Tagen",
  "By example": "An Beispielen",
  "Members of {segment}": "Mitglieder von {segment}",
  "At the end of each day, as it was counted then.": "Am Ende jedes Tages, wie damals gezählt.",
  "{line}: show the days of {segment}": "{line}: die Tage von {segment} zeigen",
  Removed: "Entfernt",
  Restore: "Wiederherstellen",
  "Restore {name}": "{name} wiederherstellen",

  "Open automations": "Automatisierungen öffnen",
  "Nothing follows when somebody enters or leaves.": "Es folgt nichts, wenn jemand eintritt oder austritt.",
  "Up to date": "Aktualität",
  "Everything that is known of your customers is counted in.":
    "Alles, was über Ihre Kunden bekannt ist, ist berücksichtigt.",

  "Worth a review": "Sehen Sie das durch",
  Reviewed: "Geprüft",
  "Reviewed: {title}": "Geprüft: {title}",
  "Found {when}": "Gefunden {when}",
  "{count} members yesterday: more than usual": "{count} Mitglieder gestern: mehr als üblich",
  "{count} members yesterday: fewer than usual": "{count} Mitglieder gestern: weniger als üblich",
  "{count} entered yesterday: more than usual": "{count} Eintritte gestern: mehr als üblich",
  "{count} entered yesterday: fewer than usual": "{count} Eintritte gestern: weniger als üblich",
  "Its members had spent {count} on average yesterday: more than usual":
    "Seine Mitglieder hatten gestern im Schnitt {count} ausgegeben: mehr als üblich",
  "Its members had spent {count} on average yesterday: less than usual":
    "Seine Mitglieder hatten gestern im Schnitt {count} ausgegeben: weniger als üblich",
  "On the same weekday of the eight weeks before it was about {middle}, and {low} to {high} would have been usual.":
    "Am selben Wochentag der acht Wochen davor waren es etwa {middle}; üblich wären {low} bis {high} gewesen.",
  "No customer matches {rule}": "Kein Kunde erfüllt {rule}",
  "By itself this part of the rule is true for nobody. A name in it may be misspelled, or out of use.":
    "Für sich genommen trifft dieser Teil der Regel auf niemanden zu. Vielleicht ist ein Name darin falsch geschrieben oder nicht mehr in Gebrauch.",
  "Every customer matches {rule}": "Jeder Kunde erfüllt {rule}",
  "By itself this part of the rule is true for all {count} customers, so it decides nothing.":
    "Für sich genommen trifft dieser Teil der Regel auf alle {count} Kunden zu und entscheidet deshalb nichts.",
  "Product {name} is not in your shop": "Das Produkt {name} gibt es in Ihrem Shop nicht",
  "It was deleted, or the id is mistyped. What was viewed or bought of it before still counts.":
    "Es wurde gelöscht, oder die ID ist falsch geschrieben. Was davon früher angesehen oder gekauft wurde, zählt weiter.",
  "Collection {name} is not in your shop": "Die Kollektion {name} gibt es in Ihrem Shop nicht",
  "It was deleted, or the id is mistyped. Views of it from before still count.":
    "Sie wurde gelöscht, oder die ID ist falsch geschrieben. Frühere Aufrufe zählen weiter.",
  "No product is tagged {name}": "Kein Produkt hat den Tag {name}",
  "The rule asks for a tag that none of your products carries.":
    "Die Regel fragt nach einem Tag, den keines Ihrer Produkte trägt.",
  "No product is in the category {name}": "Kein Produkt ist in der Kategorie {name}",
  "The rule asks for a category that none of your products has.":
    "Die Regel fragt nach einer Kategorie, die keines Ihrer Produkte hat.",
  "No customer is tagged {name}": "Kein Kunde hat den Tag {name}",
  "The rule asks for a tag that none of your customers carries.":
    "Die Regel fragt nach einem Tag, den keiner Ihrer Kunden trägt.",
  "There is no segment {name}": "Das Segment {name} gibt es nicht",
  "The rule asks for a segment that was removed.": "Die Regel fragt nach einem Segment, das entfernt wurde.",
  "Nobody has the trait {name}": "Niemand hat das Merkmal {name}",
  "The rule asks for a trait that your own systems have told of none of your customers, or not any more.":
    "Die Regel fragt nach einem Merkmal, das Ihre eigenen Systeme für keinen Ihrer Kunden gemeldet haben, oder nicht mehr melden.",

  "Right now": "Jetzt gerade",
  Counting: "Wird gezählt",
  "The count appears here as soon as the rule can be read.":
    "Die Zahl steht hier, sobald die Regel gelesen werden kann.",
  "about {count}": "etwa {count}",
  "{members} of {profiles} customers": "{members} von {profiles} Kunden",
  "{share} of all customers": "{share} aller Kunden",
  "Publishing this changes nobody’s membership.": "Wenn Sie das veröffentlichen, ändert sich für niemanden etwas.",
  "{enters} would enter and {leaves} would leave.": "Eintreten würden {enters}, austreten {leaves}.",
  "Would enter, among others": "Eintreten würden unter anderen",
  "Would leave, among others": "Austreten würden unter anderen",
  "Among them": "Darunter",
  "None of its automations could run for them.": "Keine seiner Automatisierungen könnte für sie laufen.",
  "Its automations could run {times} for them. You choose when you publish.":
    "Seine Automatisierungen könnten für sie {times} laufen. Das wählen Sie beim Veröffentlichen.",
  "Muster does not know this shop any more.": "Muster kennt diesen Shop nicht mehr.",
  "{name} needs {data}, which Muster does not have: nobody matches it.":
    "{name} braucht {data}. Das hat Muster nicht, deshalb erfüllt es niemand.",
  "It has no list at an e-mail platform, so nothing is sent anywhere.":
    "Es hat keine Liste bei einer E-Mail-Plattform, deshalb wird nirgendwohin etwas gesendet.",
  "Its list at {lists} follows. Nobody enters, so no welcome mail is sent.":
    "Seine Liste bei {lists} folgt. Niemand tritt ein, deshalb geht keine Willkommens-E-Mail hinaus.",
  "Its lists at {lists} follow. Nobody enters, so no welcome mail is sent.":
    "Seine Listen bei {lists} folgen. Niemand tritt ein, deshalb geht keine Willkommens-E-Mail hinaus.",
  "The list at {lists} also takes {count} who neither subscribed nor unsubscribed: they are added and get no marketing.":
    "Die Liste bei {lists} nimmt auch {count} auf, die sich weder an- noch abgemeldet haben: Sie werden hinzugefügt und bekommen kein Marketing.",
  "Of those who enter, {count} may be written to and are added to the list at {lists}.":
    "Von denen, die eintreten, dürfen {count} angeschrieben werden und kommen auf die Liste bei {lists}.",
  "Of those who enter, {count} may be written to and are added to the lists at {lists}.":
    "Von denen, die eintreten, dürfen {count} angeschrieben werden und kommen auf die Listen bei {lists}.",
  "Flows there that start when somebody joins could send {count} mail.":
    "Flows dort, die beim Beitritt starten, könnten {count} E-Mail senden.",
  "Flows there that start when somebody joins could send {count} mails.":
    "Flows dort, die beim Beitritt starten, könnten {count} E-Mails senden.",
  "Of those who enter, {count} may be written to: nobody is added to the list at {lists}.":
    "Von denen, die eintreten, dürfen {count} angeschrieben werden: Niemand kommt auf die Liste bei {lists}.",
  "Of those who enter, {count} may be written to: nobody is added to the lists at {lists}.":
    "Von denen, die eintreten, dürfen {count} angeschrieben werden: Niemand kommt auf die Listen bei {lists}.",
  "Of those who enter, {count} may be written to.": "Von denen, die eintreten, dürfen {count} angeschrieben werden.",
  "{count} time": "{count}-mal",
  "{count} times": "{count}-mal",
  "{name}: paused, so never": "{name}: pausiert, also nie",
  "{name}: being deleted, so never": "{name}: wird gelöscht, also nie",
  "{name}: never": "{name}: nie",
  "{count} entry": "{count} Eintritt",
  "{count} entries": "{count} Eintritte",
  "{count} exit": "{count} Austritt",
  "{count} exits": "{count} Austritte",
  "{entries} and {exits}": "{entries} und {exits}",

  "The rule as it stands here": "Die Regel, wie sie hier steht",
  "Version {number} (live)": "Version {number} (live)",
  "The last {count} days": "Die letzten {count} Tage",
  "Run over the past": "Rückblick berechnen",
  "Counting whom this rule moves": "Wird gezählt, wen diese Regel bewegt",
  "Members, among others": "Mitglieder, unter anderem",
  "In your shop’s time zone, {zone}.": "In der Zeitzone Ihres Shops, {zone}.",
  "Something is scheduled of this segment already. Cancel that first, or publish without an end.":
    "Von diesem Segment ist schon etwas geplant. Brechen Sie das zuerst ab, oder veröffentlichen Sie ohne Ende.",
  "{done} of {total} days are worked out.": "{done} von {total} Tagen sind berechnet.",
  "You can leave this page meanwhile.": "Sie können diese Seite solange verlassen.",
  "That could not be worked out": "Das ließ sich nicht berechnen",
  "Run it again. If it fails again, make the rule simpler.":
    "Berechnen Sie es noch einmal. Gelingt es wieder nicht, vereinfachen Sie die Regel.",
  "A rule from before": "Eine Regel von vorher",
  "Another rule than the one chosen here, run {when}:": "Eine andere Regel als die hier gewählte, berechnet {when}:",
  "Run {when}. Kept for {count} days.": "Berechnet {when}. Wird {count} Tage aufbewahrt.",
  "Runs of a rule over the past": "Rückblicke einer Regel",
  "On the events known today. Policies for staying and coming back are not counted in.":
    "Auf den Ereignissen, die heute bekannt sind. Regeln für das Bleiben und Wiederkommen sind nicht berücksichtigt.",
  "Without a history, so held at the present value: {names}.":
    "Ohne Geschichte, gilt daher durchgehend mit dem heutigen Wert: {names}.",
  "Known from the last change on, and before it as missing: {names}.":
    "Erst seit der letzten Änderung bekannt, davor als fehlend gewertet: {names}.",
  "Known of each value from its last change on: {names}. Before it, what was put counts as missing, and what was taken away as there.":
    "Von jedem Wert erst seit seiner letzten Änderung bekannt: {names}. Davor gilt, was gesetzt wurde, als fehlend und, was weggenommen wurde, als vorhanden.",
  "Known of each cart or channel is the latest alone: {names}.":
    "Von jedem Warenkorb oder Kanal ist nur das Letzte bekannt: {names}.",
  "Orders count as they are now: edited as they stand, cancelled not at all.":
    "Bestellungen zählen, wie sie heute sind: bearbeitete mit ihrem jetzigen Stand, stornierte gar nicht.",
  "segment|one of several": "Segment",
  "segments|several": "Segmente",
  "State|of a segment": "Stand",
  "Entered: {entered}. Left: {left}.": "Eingetreten: {entered}. Ausgetreten: {left}.",
  "No segments yet": "Noch keine Segmente",
  "A segment is a rule about your customers; whoever it is true for is in it, at every moment.":
    "Ein Segment ist eine Regel über Ihre Kunden; wer sie erfüllt, ist darin, in jedem Augenblick.",
  "See members": "Mitglieder ansehen",
  "It is called that once this is published.": "So heißt es, sobald dies veröffentlicht ist.",
  Run: "Berechnen",
  "Beside it": "Daneben",
  Nothing: "Nichts",
  "{count} entered on {day}: who": "{count} Eintritte bis {day}: wer",
  "{count} entered on {day}, {rule}: who": "{count} Eintritte bis {day}, {rule}: wer",
  "{rule}: from {first} to {last} members": "{rule}: von {first} auf {last} Mitglieder",
  "From {first} to {last} members": "Von {first} auf {last} Mitglieder",
  "Would have entered up to {day}": "Eingetreten wären bis {day}",
  "In the 24 hours before, on the events known today.": "In den 24 Stunden davor, auf den heute bekannten Ereignissen.",
  "Nobody who is still there.": "Niemand, der noch da ist.",
  "Show more": "Mehr anzeigen",

  Schedule: "Planen",
  Now: "Jetzt",
  "At a date and time": "An einem Tag zu einer Uhrzeit",
  Time: "Uhrzeit",
  "In your shop’s time zone, {zone}. If more would move by then than you agree to now, it is not published and you are asked again.":
    "In der Zeitzone Ihres Shops, {zone}. Würden bis dahin mehr wechseln, als Sie jetzt erlauben, wird nicht veröffentlicht, und Sie werden noch einmal gefragt.",
  "Say on which day and at what time it is to be published.":
    "Sagen Sie, an welchem Tag und um wie viel Uhr veröffentlicht werden soll.",
  "That moment has passed.": "Dieser Zeitpunkt ist vorbei.",
  "That is more than a year ahead.": "Das ist mehr als ein Jahr voraus.",
  "The live rule says the same already.": "Die veröffentlichte Regel besagt das schon.",
  "Scheduled by {author} {when}.": "Geplant von {author} {when}.",
  "Times are those of {zone}.": "Die Zeiten sind die von {zone}.",
  "Scheduled: {at}": "Geplant: {at}",
  "Review: scheduled for {at}": "Prüfen: geplant für {at}",
  "This will be published on {at}": "Das wird veröffentlicht am {at}",
  "This is being published": "Das wird gerade veröffentlicht",
  "This was to be published on {at} and was not": "Das sollte veröffentlicht werden am {at} und wurde es nicht",
  "This is scheduled for {at} and will not be published as things are":
    "Das ist geplant für {at} und wird so nicht veröffentlicht",
  "{count} entry or exit would have followed, which is a large part of the segment and more than was agreed to.":
    "{count} Eintritt oder Austritt wäre gefolgt: ein großer Teil des Segments und mehr, als erlaubt war.",
  "{count} entries and exits would have followed, which is a large part of the segment and more than was agreed to.":
    "{count} Eintritte und Austritte wären gefolgt: ein großer Teil des Segments und mehr, als erlaubt war.",
  "Version {number} was published after the moment had been set.":
    "Version {number} wurde veröffentlicht, nachdem der Zeitpunkt festgelegt war.",
  "The rule cannot be read any more: {problem}": "Die Regel lässt sich nicht mehr lesen: {problem}",
  "The segment was removed then.": "Das Segment war zu der Zeit entfernt.",
  "Review it": "Durchsehen",
  "Change the moment": "Zeitpunkt ändern",
  "Cancel the publication": "Veröffentlichung absagen",
  "Keep it as a draft": "Als Entwurf behalten",
  "Changes by itself {when}, at {at}.": "Ändert sich von selbst {when}, am {at}.",
  "on schedule": "wie geplant",
  "It ends by itself": "Sie endet von selbst",
  "From then on nobody is in it any more.": "Von da an ist niemand mehr darin.",
  "From then on the rule of before is live again, however many move.":
    "Von da an gilt wieder die Regel von vorher, wie viele auch wechseln.",
  "Last date": "Letzter Tag",
  Until: "Bis",
  "Until {at}": "Bis {at}",
  "Until {at}; then the rule of before is live again": "Bis {at}; dann gilt wieder die Regel von vorher",
  "Until then nobody is in it.": "Bis dahin ist niemand darin.",
  "This will be published on {at} and ends on {until}": "Das wird veröffentlicht am {at} und endet am {until}",
  "Its end had come too by the time it could be published.":
    "Als es veröffentlicht werden konnte, war auch sein Ende schon vorbei.",
  "Keep the live rule": "Die geltende Regel behalten",
  "Nobody is in it before its moment": "Vor seinem Zeitpunkt ist niemand darin",
  "Say on which day and at what time it is to end.": "Sagen Sie, an welchem Tag und um wie viel Uhr es enden soll.",
  "It ends before it begins.": "Es endet, bevor es beginnt.",
  "It ends more than a year after it begins.": "Es endet mehr als ein Jahr nach dem Beginn.",
  "Entered, among others": "Eingetreten sind unter anderen",
  "Left, among others": "Ausgetreten sind unter anderen",

  "Publish this rule later?": "Diese Regel später veröffentlichen?",
  "Publish this rule?": "Diese Regel veröffentlichen?",
  "{headline} match it. {enters} would enter and {leaves} would leave.":
    "{headline} erfüllen sie. Eintreten würden {enters}, austreten {leaves}.",
  "That is a large part of the segment": "Das ist ein großer Teil des Segments",
  "That is a large part of the segment, or of one that asks for it":
    "Das ist ein großer Teil des Segments oder eines, das nach ihm fragt",
  "Yes, {count} entries and exits may happen, here and in the segments that ask for this one":
    "Ja, {count} Eintritte und Austritte dürfen geschehen, hier und in den Segmenten, die nach diesem fragen",
  Overlap: "Überschneidung",
  "Overlap of segments": "Überschneidung von Segmenten",
  "Who is in several of them, and who is in one alone. Each number leads to the customers it counts.":
    "Wer in mehreren ist und wer nur in einem. Jede Zahl führt zu den Kunden, die sie zählt.",
  "There are not two segments to compare yet": "Noch gibt es keine zwei Segmente zum Vergleichen",
  "As soon as there are, you see here how many customers they share.":
    "Sobald es sie gibt, sehen Sie hier, wie viele Kunden sie gemeinsam haben.",
  "First segment": "Erstes Segment",
  "Second segment": "Zweites Segment",
  "Third segment": "Drittes Segment",
  "None|segment": "Keines",
  Picture: "Bild",
  "Nobody is in any of them now.": "Zurzeit ist niemand in einem von ihnen.",
  "{share} of them in another one too": "davon {share} auch in einem anderen",
  "Every combination": "Jede Kombination",
  "In which of them": "In welchen",
  "Customers|how many": "Kunden",
  Share: "Anteil",
  "In {inside}": "In {inside}",
  "In {inside}, not in {outside}": "In {inside}, nicht in {outside}",
  "Circles cannot show these numbers quite as they are; the bars do.":
    "Kreise können diese Zahlen nicht ganz so zeigen, wie sie sind; die Balken schon.",
  "{count} customer is in none of them.": "{count} Kunde ist in keinem von ihnen.",
  "{count} customers are in none of them.": "{count} Kunden sind in keinem von ihnen.",
  "What changes in the rule": "Was sich an der Regel ändert",
  "Added:": "Neu:",
  "Taken out:": "Gestrichen:",
  "Segments that ask for this one": "Segmente, die nach diesem fragen",
  "{segment}: {enters} would enter and {leaves} would leave.":
    "{segment}: Eintreten würden {enters}, austreten {leaves}.",
  "It has become more than the {count} you agreed to.":
    "Es sind mehr geworden als die {count}, denen Sie zugestimmt haben.",
  "Yes, {count} customers may move": "Ja, {count} Kunden dürfen wechseln",
  "Run them for those who move: up to {times}": "Für alle laufen lassen, die wechseln: bis zu {times}",
  "Otherwise they run only for who enters or leaves later.":
    "Sonst laufen sie nur für die, die später eintreten oder austreten.",
  "The rule cannot be read: {problem}": "Die Regel kann nicht gelesen werden: {problem}",
  "A draft has to be readable: {problem}": "Ein Entwurf muss lesbar sein: {problem}",
  "This segment does not exist any more.": "Dieses Segment gibt es nicht mehr.",
  "Another segment has this name already, or one that was removed.":
    "Ein anderes Segment hat diesen Namen schon, oder eines, das entfernt wurde.",
  "The segments ask for each other in a circle: {keys}.": "Die Segmente fragen im Kreis nacheinander: {keys}.",
  "There is no segment with the key {keys}.": "Es gibt kein Segment mit dem Schlüssel {keys}.",

  "Remove {name}?": "{name} entfernen?",
  "Remove segment": "Segment entfernen",
  "Other segments ask for this one": "Andere Segmente fragen nach diesem",
  "Change their rules first:": "Ändern Sie zuerst deren Regeln:",
  "Whoever is in it leaves ({members}), and nobody enters it any more. Who was in it and when stays on their profiles. You can restore it from the list of segments; everybody is then decided anew.":
    "Es verlassen das Segment: {members}. Niemand tritt mehr ein. Wer wann darin war, bleibt in den Profilen. Sie können es aus der Liste der Segmente wiederherstellen; alle werden dann neu ermittelt.",
  "Its list: {names}": "Seine Liste: {names}",
  "Its lists: {names}": "Seine Listen: {names}",
  "Empty it": "Leeren",
  "Empty them": "Alle leeren",
  "Everybody Muster put there is taken off. What is empty stays there.":
    "Alle, die Muster daraufgesetzt hat, werden heruntergenommen. Was leer ist, bleibt dort bestehen.",
  "Leave it as it is": "So lassen, wie sie ist",
  "Leave them as they are": "So lassen, wie sie sind",
  "Nobody is added any more. Only who unsubscribes, is deleted or asks to be erased is still taken off.":
    "Niemand kommt mehr hinzu. Nur wer sich abmeldet, gelöscht wird oder seine Löschung verlangt, wird noch heruntergenommen.",
  "Its automation: {names}": "Seine Automatisierung: {names}",
  "Its automations: {names}": "Seine Automatisierungen: {names}",
  "Nothing runs for those who leave.": "Für die, die austreten, läuft nichts.",
  "What waits to be sent is cancelled: {messages}.":
    "Was darauf wartet, gesendet zu werden, wird abgebrochen: {messages}.",
  "They come back with the segment.": "Sie kommen mit dem Segment zurück.",
  "Run nothing": "Nichts laufen lassen",
  "Nobody is told that they leave, and tags stay on.": "Niemand erfährt von den Austritten, und Tags bleiben.",
  "Run {names} for everybody who leaves": "{names} für alle laufen lassen, die austreten",
  "What waits is sent first: {messages}.": "Was wartet, wird zuerst gesendet: {messages}.",
  "This cannot be taken back: who is in again after a restore is not told to have entered.":
    "Das lässt sich nicht zurücknehmen: Wer nach dem Wiederherstellen wieder darin ist, wird nicht als Eintritt gemeldet.",
  "It cannot be removed while other segments ask for it: {names}. Change their rules first.":
    "Es kann nicht entfernt werden, solange andere Segmente danach fragen: {names}. Ändern Sie zuerst deren Regeln.",
  "This segment is not among the removed ones any more.": "Dieses Segment ist nicht mehr unter den entfernten.",
  "Its rule asks for a segment that is not there: {keys}. Restore that one first.":
    "Seine Regel fragt nach einem Segment, das es nicht gibt: {keys}. Stellen Sie zuerst dieses wieder her.",
  "With its rule the segments would ask for each other in a circle: {keys}.":
    "Mit seiner Regel würden die Segmente im Kreis nacheinander fragen: {keys}.",

  "Export {segment}": "{segment} exportieren",
  "A CSV file of everybody who is in the segment while it is built, with their consent and traits. It is kept sealed for seven days and goes when somebody in it is erased.":
    "Eine CSV-Datei mit allen, die im Segment sind, während sie erstellt wird, mit Einwilligung und Merkmalen. Sie wird sieben Tage verschlüsselt aufbewahrt und verschwindet, wenn jemand darin gelöscht wird.",
  "Build a file": "Datei erstellen",
  "Being built": "Wird erstellt",
  "Download the file of {when}": "Datei vom {when} herunterladen",
  Download: "Herunterladen",
  "This link has expired. Open the segment's exports in Shopify again.":
    "Dieser Link ist abgelaufen. Öffnen Sie die Exporte des Segments in Shopify noch einmal.",
  "This file is not there any more.": "Diese Datei gibt es nicht mehr.",
  "No file yet": "Noch keine Datei",
  "Files that are built stand here until they go, with how many people are in each.":
    "Erstellte Dateien stehen hier, bis sie gelöscht werden, jeweils mit der Zahl der Personen darin.",
  "file|one of several": "Datei",
  "files|several": "Dateien",
  "Asked for": "Verlangt",
  People: "Personen",
  "{count} so far": "bisher {count}",
  "Size|of a file": "Größe",
  "Kept until": "Aufbewahrt bis",
  "File|column": "Datei",
  "What visitors did before {day} is not kept and counts for nothing.":
    "Was Besucher vor {day} taten, ist nicht mehr da und zählt nicht.",
} as const;
