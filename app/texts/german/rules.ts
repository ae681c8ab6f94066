/** The language of rules, its builder, its errors and its reference. */
export const rules = {
  "Line {line} Column {column}: {message}": "Zeile {line} Spalte {column}: {message}",
  "There is no attribute '{name}'; did you mean {near}?": "Es gibt kein Attribut „{name}“; meinten Sie {near}?",
  "There is no attribute '{name}'.": "Es gibt kein Attribut „{name}“.",
  "Nobody in this shop has the trait '{name}'; it is known once PUT /api/profiles has told a value of it.":
    "Niemand in diesem Shop hat das Merkmal „{name}“; es ist bekannt, sobald PUT /api/profiles einen Wert davon gemeldet hat.",
  "{others} or {last}": "{others} oder {last}",

  "The rule is empty; expected a condition.": "Die Regel ist leer; erwartet: eine Bedingung.",
  "A rule has at most {count} characters.": "Eine Regel hat höchstens {count} Zeichen.",
  "A rule has at most {count} clauses.": "Eine Regel hat höchstens {count} Bedingungen.",
  "A rule has at most {count} conditions.": "Eine Regel hat höchstens {count} Bedingungen.",
  "Groups are nested more than {count} deep.": "Gruppen sind mehr als {count}-fach verschachtelt.",
  "Numbers are written without thousands separators, with a point before decimals.":
    "Zahlen stehen ohne Tausendertrennzeichen und mit einem Punkt vor den Nachkommastellen.",
  "A metafield is written metafields.NAMESPACE.KEY, not '{name}'.":
    "Ein Metafeld wird metafields.NAMESPACE.KEY geschrieben, nicht „{name}“.",
  "A share goes from 0.01% to 100%, in steps of 0.01%.": "Ein Anteil geht von 0.01% bis 100%, in Schritten von 0.01%.",
  "{name} is no date, so it has no anniversary.": "{name} ist kein Datum und hat deshalb keinen Jahrestag.",
  "An anniversary comes back every year; expected =, != or BETWEEN.":
    "Ein Jahrestag kommt jedes Jahr wieder; erwartet: =, != oder BETWEEN.",
  "An anniversary is a whole day; expected a date such as 2026-01-31, +7d or today.":
    "Ein Jahrestag ist ein ganzer Tag; erwartet: ein Datum wie 2026-01-31, +7d oder today.",
  "{name} is given twice.": "{name} ist zweimal angegeben.",
  "{name} is said twice.": "{name} steht zweimal da.",

  "The rule ends too early; expected {expected}.": "Die Regel endet zu früh; erwartet: {expected}.",
  "'{token}' is unexpected; expected {expected}.": "„{token}“ passt hier nicht; erwartet: {expected}.",
  "'{token}' is unexpected.": "„{token}“ passt hier nicht.",
  "AND, OR or the end of the rule": "AND, OR oder das Ende der Regel",
  "WHERE and a condition": "WHERE und eine Bedingung",
  "a column to order by": "eine Spalte, nach der sortiert wird",
  "an attribute, a function, NOT or (": "ein Attribut, eine Funktion, NOT oder (",
  "a share such as 10%": "ein Anteil wie 10%",
  "the name of a date in single quotes, such as 'metafields.facts.birth_date'":
    "der Name eines Datums in einfachen Anführungszeichen, wie 'metafields.facts.birth_date'",
  "coordinates, distance_km or distance_mi": "coordinates, distance_km oder distance_mi",
  "an operator (=, !=, >, >=, <, <=, BETWEEN, IN, CONTAINS, IS NULL)":
    "ein Operator (=, !=, >, >=, <, <=, BETWEEN, IN, CONTAINS, IS NULL)",
  "an operator (=, !=, >, >=, <, <=, BETWEEN, IN, CONTAINS, IS NULL) after {name}":
    "ein Operator (=, !=, >, >=, <, <=, BETWEEN, IN, CONTAINS, IS NULL) nach {name}",
  "CONTAINS, IN or MATCHES after NOT": "CONTAINS, IN oder MATCHES nach NOT",
  "a value": "ein Wert",
  "a duration such as 15min, 2h, 7d or 4w": "eine Dauer wie 15min, 2h, 7d oder 4w",
  "a function such as orders_placed": "eine Funktion wie orders_placed",
  "MATCHES (…) or NOT MATCHES (…) after {name}": "MATCHES (…) oder NOT MATCHES (…) nach {name}",
  "a parameter of {name}": "ein Parameter von {name}",
  "= true or = false, or better MATCHES (…)": "= true oder = false, oder besser MATCHES (…)",
  "true or false": "true oder false",
  "'{symbol}' at the end of the group": "„{symbol}“ am Ende der Gruppe",
  "'{symbol}' after the share": "„{symbol}“ nach dem Anteil",
  "'{symbol}' after the name of the date": "„{symbol}“ nach dem Namen des Datums",
  "'{symbol}' after {name}": "„{symbol}“ nach {name}",
  "'{symbol}' at the end of the parameters": "„{symbol}“ am Ende der Parameter",
  "'{symbol}' before the list": "„{symbol}“ vor der Liste",
  "'{symbol}' or ',' in the list": "„{symbol}“ oder „,“ in der Liste",
  "'{symbol}' or ',' after the parameter": "„{symbol}“ oder „,“ nach dem Parameter",
  "'{symbol}' after the property of {name}": "„{symbol}“ nach der Eigenschaft von {name}",

  "An offset has a sign; expected -{offset} or +{offset}.":
    "Eine Zeitangabe hat ein Vorzeichen; erwartet: -{offset} oder +{offset}.",
  "Nothing is compared with NULL; expected IS NULL or IS NOT NULL before it.":
    "Mit NULL wird nichts verglichen; erwartet: IS NULL oder IS NOT NULL.",
  "'{value}' is no value; texts are written in single quotes: '{value}'.":
    "„{value}“ ist kein Wert; Texte stehen in einfachen Anführungszeichen: '{value}'.",
  "A duration has no sign; expected 15min, 2h, 7d or 4w.":
    "Eine Dauer hat kein Vorzeichen; erwartet: 15min, 2h, 7d oder 4w.",
  "A duration is counted in min, h, d or w: months and years differ in length.":
    "Eine Dauer zählt in min, h, d oder w: Monate und Jahre sind verschieden lang.",
  "A duration is at least 1 and at most 5,000,000.": "Eine Dauer ist mindestens 1 und höchstens 5.000.000.",
  "This number has more digits than Muster can keep.": "Diese Zahl hat mehr Stellen, als Muster behalten kann.",
  "A text cannot hold the character NUL.": "Ein Text kann das Zeichen NUL nicht enthalten.",
  "This text is never closed; expected ' at its end.":
    "Dieser Text ist nicht abgeschlossen; erwartet: ' an seinem Ende.",
  "Texts are written in single quotes ('), not in {character}.":
    "Texte stehen in einfachen Anführungszeichen ('), nicht in {character}.",
  "'{text}' is neither a number, a date (2026-01-31 or 2026-01-31T16:00:00) nor an offset such as -30d, -48h or -15min.":
    "„{text}“ ist weder eine Zahl noch ein Datum (2026-01-31 oder 2026-01-31T16:00:00) noch eine Zeitangabe wie -30d, -48h oder -15min.",

  "There is no function '{name}'; did you mean {near}?": "Es gibt keine Funktion „{name}“; meinten Sie {near}?",
  "There is no function '{name}'.": "Es gibt keine Funktion „{name}“.",
  "A sequence begins with something that happened; expected MATCHES before THEN.":
    "Eine Folge beginnt mit etwas, das geschehen ist; erwartet: MATCHES vor THEN.",
  "A step of a sequence has conditions on its events, not counts or sums.":
    "Ein Schritt einer Folge stellt Bedingungen an seine Ereignisse, keine Anzahlen oder Summen.",
  "Only the last step of a sequence may be NOT MATCHES.": "Nur der letzte Schritt einer Folge darf NOT MATCHES sein.",
  "count takes no property; expected count, or distinct(…).":
    "count hat keine Eigenschaft; erwartet: count, oder distinct(…).",
  "{event} has no parameter '{name}'; did you mean {near}?":
    "{event} hat keinen Parameter „{name}“; meinten Sie {near}?",
  "{event} has no parameter '{name}'; it has {names}.": "{event} hat keinen Parameter „{name}“; es gibt {names}.",
  "{name} is compared twice in the same way; expected BETWEEN, IN (…) or a second clause.":
    "{name} wird zweimal auf dieselbe Weise verglichen; erwartet: BETWEEN, IN (…) oder eine zweite Bedingung.",
  "{property} holds several values; {function} needs a property with one.":
    "{property} hat mehrere Werte; {function} braucht eine Eigenschaft mit einem.",
  "{function} needs numbers or dates; {property} holds none.":
    "{function} braucht Zahlen oder Daten; {property} enthält keine.",
  "{function} needs numbers; {property} holds none.": "{function} braucht Zahlen; {property} enthält keine.",

  "A list holds at most {count} values.": "Eine Liste hat höchstens {count} Werte.",
  "{name} needs a value to be compared with.": "{name} braucht einen Wert, mit dem verglichen wird.",
  "BETWEEN needs two values joined by AND.": "BETWEEN braucht zwei Werte, mit AND verbunden.",
  "An offset in hours or minutes is an instant, not a day; expected >, <= or BETWEEN before it.":
    "Eine Zeitangabe in Stunden oder Minuten ist ein Zeitpunkt, kein Tag; erwartet: >, <= oder BETWEEN davor.",
  "{name} is compared with values of different types here.":
    "{name} wird hier mit Werten verschiedener Art verglichen.",
  "{name} is a list; write {instead} instead of {written}.":
    "{name} ist eine Liste; schreiben Sie {instead} statt {written}.",
  "{name} is a single value; write {instead} instead of {written}.":
    "{name} ist ein einzelner Wert; schreiben Sie {instead} statt {written}.",
  "{name} cannot be compared with {written}; expected {operators}.":
    "{name} lässt sich nicht mit {written} vergleichen; erwartet: {operators}.",
  "{name} takes whole numbers, not {value}.": "{name} ist eine ganze Zahl; hier steht {value}.",
  "{value} is outside the range of whole numbers (64 bits).":
    "{value} liegt außerhalb des Bereichs ganzer Zahlen (64 Bit).",
  "{name} takes an id, a whole number such as 1012132033639.":
    "{name} ist eine ID, also eine ganze Zahl wie 1012132033639.",
  "{name} takes {expected}, not {value}.": "Für {name} erwartet: {expected}; hier steht: {value}.",
  "a date such as 2026-01-31, -30d, -48h or today": "ein Datum wie 2026-01-31, -30d, -48h oder today",
  "a whole number": "eine ganze Zahl",
  "an amount such as 10.99": "ein Betrag wie 10.99",
  "a number such as 10.5": "eine Zahl wie 10.5",
  "a text in single quotes": "ein Text in einfachen Anführungszeichen",
  "one of its values in single quotes": "einer der möglichen Werte in einfachen Anführungszeichen",
  "an id, a whole number such as 1012132033639": "eine ID, also eine ganze Zahl wie 1012132033639",
  "the text '{text}'": "der Text '{text}'",
  "the number {number}": "die Zahl {number}",
  "the date {date}": "das Datum {date}",
  "a date offset": "eine Zeitangabe",
  "'{value}' is no value of {name}; did you mean '{near}'?":
    "'{value}' ist kein Wert von {name}; meinten Sie '{near}'?",
  "'{value}' is no value of {name}; expected {values}.": "'{value}' ist kein Wert von {name}; erwartet: {values}.",
  "An offset reaches at most 200 years.": "Eine Zeitangabe reicht höchstens 200 Jahre weit.",
  "Years have four digits and begin at 1000.": "Jahre haben vier Stellen und beginnen bei 1000.",
  "{day} is no day: months go from 01 to 12.": "{day} ist kein Tag: Monate gehen von 01 bis 12.",
  "{day} is no day: {month} has {days} days.": "{day} ist kein Tag: {month} hat {days} Tage.",
  "{time} is no time: times go from 00:00:00 to 23:59:59.":
    "{time} ist keine Uhrzeit: Uhrzeiten gehen von 00:00:00 bis 23:59:59.",
  "customer_within_distance needs coordinates and distance_km or distance_mi.":
    "customer_within_distance braucht coordinates und distance_km oder distance_mi.",
  "Give distance_km or distance_mi, not both.": "Geben Sie distance_km oder distance_mi an, nicht beides.",
  "Coordinates are latitude and longitude in degrees, such as '49.2827,-123.1207'.":
    "Koordinaten sind Breite und Länge in Grad, wie '49.2827,-123.1207'.",
  "A distance is a number above 0 and at most 25,000.": "Eine Entfernung ist eine Zahl über 0 und höchstens 25.000.",

  "The query is empty; expected SELECT customer_id FROM customer_data WHERE …":
    "Die Abfrage ist leer; erwartet: SELECT customer_id FROM customer_data WHERE …",
  "A query has at most {count} characters.": "Eine Abfrage hat höchstens {count} Zeichen.",
  "A query cannot hold the character NUL.": "Eine Abfrage kann das Zeichen NUL nicht enthalten.",
  "A rule is one SELECT; expected nothing after the first ';'.":
    "Eine Regel ist ein einziges SELECT; nach dem ersten „;“ darf nichts stehen.",
  "A rule is a SELECT; expected SELECT customer_id FROM customer_data WHERE …":
    "Eine Regel ist ein SELECT; erwartet: SELECT customer_id FROM customer_data WHERE …",
  "This is no SQL: {message}.": "Das ist kein SQL: {message}.",
  "Parentheses are nested more than {count} deep.": "Klammern sind mehr als {count}-fach verschachtelt.",
  "NOT follows NOT more than 60 times.": "NOT folgt mehr als 60-mal auf NOT.",
  "Everybody would be selected; expected WHERE and a condition.":
    "Damit wären alle ausgewählt; erwartet: WHERE und eine Bedingung.",
  "Everybody would be selected; expected a condition.": "Damit wären alle ausgewählt; erwartet: eine Bedingung.",
  "Queries cannot be combined or list values; expected {frame}":
    "Abfragen lassen sich nicht verbinden und zählen keine Werte auf; erwartet: {frame}",
  "WITH cannot be translated; expected {frame}": "WITH lässt sich nicht übersetzen; erwartet: {frame}",
  "INTO cannot be translated; a rule only selects.": "INTO lässt sich nicht übersetzen; eine Regel wählt nur aus.",
  "Customers are selected from customer_data alone; expected {frame}":
    "Kunden werden allein aus customer_data gewählt; erwartet: {frame}",
  "Exactly one column is selected; expected {frame}": "Genau eine Spalte wird gewählt; erwartet: {frame}",
  "Only WHERE can be translated; expected {frame}": "Nur WHERE lässt sich übersetzen; erwartet: {frame}",
  "IS UNKNOWN cannot be translated; expected IS NULL on the column.":
    "IS UNKNOWN lässt sich nicht übersetzen; erwartet: IS NULL für die Spalte.",
  "{name} is a list; expected 'value' = ANY ({name}).": "{name} ist eine Liste; erwartet: 'value' = ANY ({name}).",
  "A sequence cannot be counted.": "Eine Folge lässt sich nicht zählen.",
  "This sub-query cannot be translated; expected EXISTS (…), customer_id IN (SELECT customer_id …) or a comparison of an aggregate.":
    "Diese Unterabfrage lässt sich nicht übersetzen; erwartet: EXISTS (…), customer_id IN (SELECT customer_id …) oder der Vergleich eines Aggregats.",
  "This sub-query must select customer_id alone.": "Diese Unterabfrage darf nur customer_id auswählen.",
  "Rows are grouped by customer_id alone.": "Zeilen werden nur nach customer_id gruppiert.",
  "Customers are not chosen by their id; give them a tag, or expected IN (SELECT …).":
    "Kunden werden nicht nach ihrer ID gewählt; geben Sie ihnen einen Tag, oder erwartet: IN (SELECT …).",
  "customer_data has no column '{name}'; did you mean {near}?":
    "customer_data hat keine Spalte „{name}“; meinten Sie {near}?",
  "customer_data has no column '{name}'.": "customer_data hat keine Spalte „{name}“.",
  "Expected a column that holds a date.": "Erwartet: eine Spalte mit einem Datum.",
  "Expected <= after {name}(…).": "Erwartet: <= nach {name}(…).",
  "Expected sample_bucket < N with N from 1 (0.01 %) to 10000 (100 %).":
    "Erwartet: sample_bucket < N mit N von 1 (0,01 %) bis 10000 (100 %).",
  "{name}(…) cannot be translated; columns are compared as they are.":
    "{name}(…) lässt sich nicht übersetzen; Spalten werden verglichen, wie sie sind.",
  "This column is of no table of this query.": "Diese Spalte gehört zu keiner Tabelle dieser Abfrage.",
  "This cannot be translated; expected a comparison of a column with a constant, EXISTS (…) or customer_id IN (SELECT …).":
    "Das lässt sich nicht übersetzen; erwartet: der Vergleich einer Spalte mit einer Konstante, EXISTS (…) oder customer_id IN (SELECT …).",
  "A sub-query reads one table: orders, order_lines or events.":
    "Eine Unterabfrage liest eine Tabelle: orders, order_lines oder events.",
  "There is no table '{name}'; did you mean {near}?": "Es gibt keine Tabelle „{name}“; meinten Sie {near}?",
  "There is no table '{name}'; expected orders, order_lines or events.":
    "Es gibt keine Tabelle „{name}“; erwartet: orders, order_lines oder events.",
  "The kind of event is said twice.": "Die Art des Ereignisses steht zweimal da.",
  "The sub-query must be about this customer; add {alias}.customer_id = {customers}.customer_id to its WHERE.":
    "Die Unterabfrage muss von diesem Kunden handeln; ergänzen Sie {alias}.customer_id = {customers}.customer_id in ihrem WHERE.",
  "Say which events; add event = 'storefront.product_viewed' (or another kind) to this WHERE.":
    "Sagen Sie, welche Ereignisse; ergänzen Sie event = 'storefront.product_viewed' (oder eine andere Art) in diesem WHERE.",
  "There is no event '{name}'; did you mean {near}?": "Es gibt kein Ereignis „{name}“; meinten Sie {near}?",
  "There is no event '{name}'.": "Es gibt kein Ereignis „{name}“.",
  "A step is followed by one step; nest the next one inside it.":
    "Auf einen Schritt folgt ein Schritt; schachteln Sie den nächsten in ihn hinein.",
  "A step comes after the one around it; add {alias}.occurred_at > {before}.occurred_at.":
    "Ein Schritt kommt nach dem, der ihn umgibt; ergänzen Sie {alias}.occurred_at > {before}.occurred_at.",
  "Nothing can be missing before its time is over; add {alias}.occurred_at + INTERVAL '…' <= now(), with the interval of the step.":
    "Fehlen kann etwas erst, wenn seine Zeit um ist; ergänzen Sie {alias}.occurred_at + INTERVAL '…' <= now(), mit dem Intervall des Schritts.",
  "Only the last step of a sequence may be missing.": "Nur der letzte Schritt einer Folge darf fehlen.",
  "IS NOT TRUE stands after one comparison with =, IN or ANY here.":
    "IS NOT TRUE steht hier nach einem einzelnen Vergleich mit =, IN oder ANY.",
  "OR inside a sub-query cannot be translated; write a sub-query for each side and join those with OR.":
    "OR in einer Unterabfrage lässt sich nicht übersetzen; schreiben Sie für jede Seite eine Unterabfrage und verbinden Sie diese mit OR.",
  "Expected a comparison of a column with a constant here.":
    "Hier erwartet: der Vergleich einer Spalte mit einer Konstante.",
  "NOT BETWEEN inside a sub-query cannot be translated; write a sub-query for each side.":
    "NOT BETWEEN in einer Unterabfrage lässt sich nicht übersetzen; schreiben Sie für jede Seite eine Unterabfrage.",
  "This expression cannot be translated; expected a column of the table.":
    "Dieser Ausdruck lässt sich nicht übersetzen; erwartet: eine Spalte der Tabelle.",
  "{table} has no column '{name}'; did you mean {near}?": "{table} hat keine Spalte „{name}“; meinten Sie {near}?",
  "{table} has no column '{name}'; it has {names}.": "{table} hat keine Spalte „{name}“; es gibt {names}.",
  "A sub-query has FROM, WHERE, GROUP BY customer_id and HAVING; nothing else can be translated.":
    "Eine Unterabfrage hat FROM, WHERE, GROUP BY customer_id und HAVING; anderes lässt sich nicht übersetzen.",
  "INTERVAL '{text}' cannot be translated; expected one amount of minutes, hours, days, weeks, months or years.":
    "INTERVAL '{text}' lässt sich nicht übersetzen; erwartet: eine Anzahl von minutes, hours, days, weeks, months oder years.",
  "Expected an interval of minutes, hours, days or weeks, such as INTERVAL '2 hours'.":
    "Erwartet: ein Intervall aus minutes, hours, days oder weeks, wie INTERVAL '2 hours'.",
  "A comparison with NULL is never true; expected IS NULL or IS NOT NULL.":
    "Ein Vergleich mit NULL ist nie wahr; erwartet: IS NULL oder IS NOT NULL.",
  "A bit string cannot be translated.": "Eine Bitfolge lässt sich nicht übersetzen.",
  "Expected a plain decimal number of at most 30 digits.": "Erwartet: eine Dezimalzahl mit höchstens 30 Stellen.",
  "Expected an interval here, such as INTERVAL '30 days'.": "Hier erwartet: ein Intervall, wie INTERVAL '30 days'.",
  "CURRENT_DATE is a whole day; expected now() with hours or minutes.":
    "CURRENT_DATE ist ein ganzer Tag; erwartet: now() mit Stunden oder Minuten.",
  "Months and years differ in length; expected CURRENT_DATE with months, or now() with hours.":
    "Monate und Jahre sind verschieden lang; erwartet: CURRENT_DATE mit Monaten oder now() mit Stunden.",
  "This may be NULL, which <> and NOT IN are never true of; expected IS DISTINCT FROM.":
    "Das kann NULL sein, und dann sind <> und NOT IN nie wahr; erwartet: IS DISTINCT FROM.",
  "Expected a column inside the aggregate.": "Erwartet: eine Spalte im Aggregat.",
  "This aggregate cannot be translated; expected count, sum, avg, min, max or (array_agg(… ORDER BY occurred_at))[1].":
    "Dieses Aggregat lässt sich nicht übersetzen; erwartet: count, sum, avg, min, max oder (array_agg(… ORDER BY occurred_at))[1].",
  "count({column}) cannot be translated; expected count(*) or count(DISTINCT {column}).":
    "count({column}) lässt sich nicht übersetzen; erwartet: count(*) oder count(DISTINCT {column}).",
  "BETWEEN needs two values.": "BETWEEN braucht zwei Werte.",
  "&& needs ARRAY[…] with values at its right.": "&& braucht rechts ARRAY[…] mit Werten.",
  "@> needs ARRAY[…] with one value at its right.": "@> braucht rechts ARRAY[…] mit einem Wert.",
  "{operator} cannot be translated; expected =, <>, <, <=, >, >=, BETWEEN, IN or IS NULL.":
    "{operator} lässt sich nicht übersetzen; erwartet: =, <>, <, <=, >, >=, BETWEEN, IN oder IS NULL.",
  "Expected 'value' = ANY (list) or 'value' <> ALL (list).":
    "Erwartet: 'value' = ANY (list) oder 'value' <> ALL (list).",
  "Expected a list column at the right.": "Erwartet: eine Spalte mit einer Liste auf der rechten Seite.",
  "A column can be compared with a constant, CURRENT_DATE or now() and an interval, not with another column.":
    "Eine Spalte wird mit einer Konstante, mit CURRENT_DATE oder mit now() und einem Intervall verglichen, nicht mit einer anderen Spalte.",
  "A column can be compared with a constant, CURRENT_DATE or now() and an interval, not with this expression.":
    "Eine Spalte wird mit einer Konstante, mit CURRENT_DATE oder mit now() und einem Intervall verglichen, nicht mit diesem Ausdruck.",
  "Expected a column before this operator.": "Erwartet: eine Spalte vor diesem Operator.",
  "Expected a constant, CURRENT_DATE or now() here.": "Hier erwartet: eine Konstante, CURRENT_DATE oder now().",
} as const;
