/** What follows when somebody enters or leaves. */
export const automations = {
  "This automation is not there any more": "Diese Automatisierung gibt es nicht mehr",
  "Automations of the segment": "Automatisierungen des Segments",
  "Automations of {segment}": "Automatisierungen von {segment}",
  "Add automation": "Automatisierung hinzufügen",
  "What follows when somebody enters or leaves {segment}: once for each entry and exit. Corrections of the past fire nothing.":
    "Was folgt, wenn jemand in {segment} eintritt oder austritt: einmal für jeden Eintritt und jeden Austritt. Korrekturen der Vergangenheit lösen nichts aus.",
  "Nothing follows yet": "Noch folgt nichts",
  "Send a signed webhook, put a tag on the customer or start a workflow in Shopify Flow, the moment somebody enters or leaves {segment}.":
    "Senden Sie einen signierten Webhook, setzen Sie dem Kunden einen Tag oder starten Sie einen Workflow in Shopify Flow, sobald jemand in {segment} eintritt oder austritt.",
  "Pause {name}": "{name} pausieren",
  "Resume {name}": "{name} fortsetzen",
  "{count} waiting": "{count} wartend",
  "{count} failed": "{count} fehlgeschlagen",
  "It waits until the automation goes on.": "Es wartet, bis die Automatisierung weiterläuft.",
  "Next attempt {when}.": "Nächster Versuch {when}.",
  "It is about to be sent.": "Es wird gleich gesendet.",
  "Not sent: the segment or the automation was removed first.":
    "Nicht gesendet: Das Segment oder die Automatisierung wurde vorher entfernt.",

  Webhook: "Webhook",
  "Customer tag": "Kunden-Tag",
  "Shopify Flow": "Shopify Flow",
  "Sends a signed message to {host} when somebody enters or leaves":
    "Sendet eine signierte Nachricht an {host}, wenn jemand eintritt oder austritt",
  "Sends a signed message to {host} when somebody enters":
    "Sendet eine signierte Nachricht an {host}, wenn jemand eintritt",
  "Sends a signed message to {host} when somebody leaves":
    "Sendet eine signierte Nachricht an {host}, wenn jemand austritt",
  "Puts the tag {tag} on who enters": "Setzt den Tag {tag} bei jedem, der eintritt",
  "Puts the tag {tag} on who enters, and takes it off who leaves":
    "Setzt den Tag {tag} bei jedem, der eintritt, und entfernt ihn bei jedem, der austritt",
  "Starts workflows in Shopify Flow when somebody enters or leaves":
    "Startet Workflows in Shopify Flow, wenn jemand eintritt oder austritt",
  "Starts workflows in Shopify Flow when somebody enters": "Startet Workflows in Shopify Flow, wenn jemand eintritt",
  "Starts workflows in Shopify Flow when somebody leaves": "Startet Workflows in Shopify Flow, wenn jemand austritt",
  "Paused by Muster": "Von Muster pausiert",
  Waiting: "Wartet",
  "Done|a run": "Erledigt",
  Failed: "Fehlgeschlagen",
  "Nothing to do": "Nichts zu tun",
  Cancelled: "Abgebrochen",
  "Sample: entered": "Probe: eingetreten",
  "Sample: left": "Probe: ausgetreten",
  "Was in already": "War schon drin",
  "Left: the entry turned out not to have been": "Ausgetreten: Den Eintritt hatte es doch nicht gegeben",
  "Left: the segment was removed": "Ausgetreten: Das Segment wurde entfernt",
  "Entered: a new rule": "Eingetreten: eine neue Regel",
  "Left: a new rule": "Ausgetreten: eine neue Regel",
  Entered: "Eingetreten",
  Left: "Ausgetreten",

  "A signed message goes to an address of yours.": "Eine signierte Nachricht geht an eine Adresse von Ihnen.",
  "A tag is put on the customer in Shopify, and taken off.":
    "Dem Kunden wird in Shopify ein Tag gesetzt und wieder entfernt.",
  "Workflows that begin with Muster’s triggers start.":
    "Workflows, die mit den Auslösern von Muster beginnen, starten.",
  "Put it on when somebody enters": "Setzen, wenn jemand eintritt",
  "Somebody enters the segment": "Jemand tritt in das Segment ein",
  "Take it off when they leave": "Entfernen, wenn jemand austritt",
  "Somebody leaves the segment": "Jemand tritt aus dem Segment aus",
  "What follows": "Was folgt",
  Address: "Adresse",
  "It has to be reachable from the internet, by https.": "Sie muss aus dem Internet erreichbar sein, über https.",
  "A tag that was there before Muster put it on stays when the customer leaves.":
    "Ein Tag, der schon da war, bevor Muster ihn setzte, bleibt, wenn der Kunde austritt.",
  "Muster takes {old} off those on whom it put it, and puts {tag} on those of them who are in the segment.":
    "Muster nimmt {old} denen ab, bei denen es den Tag gesetzt hat, und setzt {tag} bei denen von ihnen, die im Segment sind.",
  When: "Wann",
  "Also for the one customer in it now": "Auch für den einen Kunden, der jetzt darin ist",
  "Also for the {count} customers in it now": "Auch für die {count} Kunden, die jetzt darin sind",
  "Once, as soon as it is created. Otherwise it is for those who enter from now on.":
    "Einmal, sobald sie erstellt ist. Sonst gilt sie für alle, die von jetzt an eintreten.",
  "Once, as soon as it is saved: also for those who do not have the old tag from Muster.":
    "Einmal, sobald gespeichert ist: auch bei denen, die den alten Tag nicht von Muster haben.",
  "Create automation": "Automatisierung erstellen",
  "Tell our CRM": "Unser CRM benachrichtigen",
  "Tag as VIP": "Als VIP taggen",
  "Start the welcome workflow": "Willkommens-Workflow starten",

  "The automation is active": "Die Automatisierung ist aktiv",
  "Open the automation": "Automatisierung öffnen",
  "Its signing secret": "Ihr Signaturschlüssel",
  "Signing secret": "Signaturschlüssel",
  "For those who are in already it is being sent: {count} messages.":
    "An alle, die schon darin sind, wird gesendet: {count} Nachrichten.",
  "New automation": "Neue Automatisierung",
  "Follows when somebody enters or leaves {segment}.": "Folgt, wenn jemand in {segment} eintritt oder austritt.",
  "Muster paused this automation": "Muster hat diese Automatisierung pausiert",
  "What was due waits, and is sent when you resume.": "Was fällig war, wartet und wird gesendet, wenn Sie fortsetzen.",
  "What still waits is not sent, and its log goes. To stop it for a while, pause it.":
    "Was noch wartet, wird nicht gesendet, und das Protokoll wird gelöscht. Um sie eine Weile anzuhalten, pausieren Sie sie.",
  "Copy it now: it is not shown again. Your receiver checks with it that a message is from Muster. If it is lost, make a new one.":
    "Kopieren Sie ihn jetzt: Er wird nicht noch einmal gezeigt. Ihr Empfänger prüft damit, dass eine Nachricht von Muster ist. Geht er verloren, erzeugen Sie einen neuen.",
  "The new signing secret": "Der neue Signaturschlüssel",
  "Every message is signed with it. A new one replaces it; for 24 hours messages carry both signatures, so that nothing is refused meanwhile.":
    "Jede Nachricht wird damit signiert. Ein neuer ersetzt ihn; 24 Stunden lang tragen Nachrichten beide Signaturen, damit in dieser Zeit nichts abgelehnt wird.",
  "Until {when} messages carry two signatures: of the new secret and of the one before.":
    "Bis {when} tragen Nachrichten zwei Signaturen: die des neuen Schlüssels und die des vorigen.",
  "Make a new secret": "Neuen Schlüssel erzeugen",
  "What is sent": "Was gesendet wird",
  "A POST signed as {standard} says: headers webhook-id, webhook-timestamp and webhook-signature. Any answer from 200 to 299 means it was taken; otherwise it is tried nine times within 28 hours, with the same webhook-id.":
    "Ein POST, signiert nach {standard}: mit den Headern webhook-id, webhook-timestamp und webhook-signature. Jede Antwort von 200 bis 299 heißt, dass die Nachricht angenommen wurde; sonst wird sie neunmal innerhalb von 28 Stunden versucht, mit derselben webhook-id.",
  "In Shopify Flow": "In Shopify Flow",
  "Open {flow} and create a workflow.": "Öffnen Sie {flow} und erstellen Sie einen Workflow.",
  "As its trigger choose “Customer entered segment” or “Customer left segment”, under Muster.":
    "Wählen Sie als Auslöser „Customer entered segment“ oder „Customer left segment“, unter Muster.",
  "Add the condition that “Segment key” is equal to {key}: the triggers start for every segment that has such an automation.":
    "Fügen Sie die Bedingung hinzu, dass „Segment key“ gleich {key} ist: Die Auslöser starten für jedes Segment, das eine solche Automatisierung hat.",
  "Add what should happen, and turn the workflow on.":
    "Fügen Sie hinzu, was geschehen soll, und schalten Sie den Workflow ein.",

  "What happened": "Was geschehen ist",
  "Send again what failed ({count})": "Fehlgeschlagenes erneut senden ({count})",
  "Nothing in the log is like that.": "Nichts im Protokoll passt dazu.",
  "run|one of several": "Lauf",
  "runs|several": "Läufe",
  "What is sent appears here as soon as somebody enters or leaves.":
    "Was gesendet wird, steht hier, sobald jemand eintritt oder austritt.",
  "Send again": "Erneut senden",
  "Send again: {what}, {at}": "Erneut senden: {what}, {at}",
  "Send again: {what}, {at}, customer {id}": "Erneut senden: {what}, {at}, Kunde {id}",
  "A permission is missing": "Eine Berechtigung fehlt",
  "Grant the permission": "Berechtigung erteilen",

  "Somebody entered": "Jemand ist eingetreten",
  "Somebody left": "Jemand ist ausgetreten",
  "Test with a sample": "Mit einer Probe testen",
  "Send sample": "Probe senden",
  "One signed message goes to the saved address now and is not repeated. Its field sample is true.":
    "Eine signierte Nachricht geht jetzt an die gespeicherte Adresse und wird nicht wiederholt. Ihr Feld sample ist true.",
  "Without a customer it only checks the permission. With one the tag is really put on or taken off.":
    "Ohne Kunden wird nur die Berechtigung geprüft. Mit einem wird der Tag wirklich gesetzt oder entfernt.",
  "Workflows really start, for the customer you name. Their field Sample is true.":
    "Workflows starten wirklich, für den Kunden, den Sie nennen. Ihr Feld Sample ist wahr.",
  "Optional: the number in the address of a customer’s page.":
    "Optional: die Zahl in der Adresse der Seite eines Kunden.",
  "Needed: the number in the address of a customer’s page, such as your own.":
    "Nötig: die Zahl in der Adresse der Seite eines Kunden, zum Beispiel Ihre eigene.",
  "Its answer begins": "So beginnt die Antwort",

  "This automation does not exist any more. Load the page again.":
    "Diese Automatisierung gibt es nicht mehr. Laden Sie die Seite neu.",
  "A segment has at most {count} automations.": "Ein Segment hat höchstens {count} Automatisierungen.",
  "Paused. Who enters or leaves meanwhile fires nothing.":
    "Pausiert. Wer in dieser Zeit eintritt oder austritt, löst nichts aus.",
  "It goes on from now. What was waiting is sent.": "Sie läuft ab jetzt weiter. Was wartete, wird gesendet.",
  "Removed, with its log. What was waiting is not sent.":
    "Entfernt, mit ihrem Protokoll. Was wartete, wird nicht gesendet.",
  "Removed, with its log. What was waiting is not sent. Tags it put on stay.":
    "Entfernt, mit ihrem Protokoll. Was wartete, wird nicht gesendet. Tags, die sie gesetzt hat, bleiben.",
  "This one still waits, or is gone. Load the page again.": "Das wartet noch oder ist weg. Laden Sie die Seite neu.",
  "It is sent again, as the same message.": "Es wird erneut gesendet, als dieselbe Nachricht.",
  "{count} are sent again, as the same messages.": "{count} werden erneut gesendet, als dieselben Nachrichten.",
  "Nothing that failed is left.": "Es gibt nichts Fehlgeschlagenes mehr.",
  "A customer’s ID is a number, as in the address of their page.":
    "Die ID eines Kunden ist eine Zahl, wie in der Adresse seiner Seite.",
  "Choose entry, exit or both.": "Wählen Sie Eintritt, Austritt oder beides.",
  "Only tags that Muster put on are taken off, so choose entry too.":
    "Nur Tags, die Muster gesetzt hat, werden entfernt; wählen Sie deshalb auch den Eintritt.",
  "A tag has 1 to 40 characters and no comma.": "Ein Tag hat 1 bis 40 Zeichen und kein Komma.",

  "Muster may not change customers in this shop, so no tag can be put on or taken off. Grant “Edit customers” (write_customers) when Shopify asks, then resume.":
    "Muster darf in diesem Shop keine Kunden ändern, deshalb kann kein Tag gesetzt oder entfernt werden. Erteilen Sie „Kunden bearbeiten“ (write_customers), wenn Shopify fragt, und setzen Sie dann fort.",
  "This customer does not exist in Shopify any more.": "Diesen Kunden gibt es in Shopify nicht mehr.",
  "Muster may change tags here. Nothing was changed.": "Muster darf hier Tags ändern. Geändert wurde nichts.",
  "Shopify did not take the tag.": "Shopify hat den Tag nicht angenommen.",
  "The tag was there already, and not from Muster. It stays at the exit.":
    "Der Tag war schon da, und nicht von Muster. Er bleibt beim Austritt.",
  "The tag was put on.": "Der Tag wurde gesetzt.",
  "Muster did not put the tag on, so it stays.": "Muster hat den Tag nicht gesetzt, deshalb bleibt er.",
  "They have left since, so the tag is not put on.":
    "Die Person ist inzwischen ausgetreten, deshalb wird der Tag nicht gesetzt.",
  "They are in again, so the tag stays.": "Die Person ist wieder dabei, deshalb bleibt der Tag.",
  "They do not have the old tag any more.": "Die Person hat den alten Tag nicht mehr.",
  "The automation was changed at the same moment.": "Die Automatisierung wurde im selben Moment geändert.",
  "Another tag": "Anderer Tag",
  "This changes the tag of {count} customer.": "Das ändert den Tag von {count} Kunden.",
  "This changes the tags of {count} customers.": "Das ändert die Tags von {count} Kunden.",
  "The tag stays: another automation put it on too.":
    "Der Tag bleibt: Eine andere Automatisierung hat ihn auch gesetzt.",
  "The tag was taken off.": "Der Tag wurde entfernt.",
  "A workflow needs a customer: give the ID of one, such as your own account.":
    "Ein Workflow braucht einen Kunden: Geben Sie die ID eines Kunden an, zum Beispiel Ihres eigenen Kontos.",
  "Flow took it.": "Flow hat es angenommen.",
  "Flow did not take it: the customer may be gone, or the trigger is not deployed in this shop.":
    "Flow hat es nicht angenommen: Vielleicht gibt es den Kunden nicht mehr, oder der Auslöser ist in diesem Shop nicht bereitgestellt.",
  "Being deleted": "Wird gelöscht",
  "It is being deleted": "Sie wird gelöscht",
  "The automation is deleted": "Die Automatisierung wird gelöscht",
  "They do not have the tag any more.": "Die Person hat den Tag nicht mehr.",
  "Its tag is being taken off {count} customer, and then it is gone.":
    "Ihr Tag wird {count} Kunden abgenommen, dann ist sie weg.",
  "Its tag is being taken off {count} customers, and then it is gone.":
    "Ihr Tag wird {count} Kunden abgenommen, dann ist sie weg.",
  "Its tag was taken off {done} of {total} customer. Then it is gone.":
    "Ihr Tag ist {done} von {total} Kunden abgenommen. Danach ist sie weg.",
  "Its tag was taken off {done} of {total} customers. Then it is gone.":
    "Ihr Tag ist {done} von {total} Kunden abgenommen. Danach ist sie weg.",
  "Take its tag off the one customer who has it from here": "Dem einen Kunden, der ihn von hier hat, den Tag abnehmen",
  "Take its tag off the {count} customers who have it from here":
    "Den {count} Kunden, die ihn von hier haben, den Tag abnehmen",
  "Otherwise it stays on them. Where they had it from elsewhere, it stays in any case.":
    "Sonst bleibt er bei ihnen. Wo sie ihn von anderswo haben, bleibt er in jedem Fall.",
  "Its tag stays on the customers that still have it, and its log goes.":
    "Der Tag bleibt bei den Kunden, die ihn noch haben, und das Protokoll wird gelöscht.",
} as const;
