/**
 * Rules that are refused: what was written, where the first mistake is ("line:column") and what is said about it. Injection
 * attempts are among them; none reaches further than the reader.
 */
export interface RefusedRule {
  source: string;
  at: string;
  says: string;
}

export const REFUSED_TEXTS: readonly RefusedRule[] = [
  { source: "not a valid segment query ???", at: "1:5", says: "There is no attribute 'a'." },
  { source: "amount_spnt > 5", at: "1:1", says: "There is no attribute 'amount_spnt'; did you mean amount_spent?" },
  {
    source: "customer_tag CONTAINS 'vip'",
    at: "1:1",
    says: "There is no attribute 'customer_tag'; did you mean customer_tags?",
  },
  {
    source: "last_oder_date > -30d",
    at: "1:1",
    says: "There is no attribute 'last_oder_date'; did you mean last_order_date?",
  },
  {
    source: "number_of_order = 1",
    at: "1:1",
    says: "There is no attribute 'number_of_order'; did you mean number_of_orders?",
  },
  { source: "AMOUNT_SPENT > 5", at: "1:1", says: "There is no attribute 'AMOUNT_SPENT'; did you mean amount_spent?" },
  { source: "spent > 500", at: "1:1", says: "There is no attribute 'spent'." },
  {
    source: "amount_spent",
    at: "1:13",
    says: "The rule ends too early; expected an operator (=, !=, >, >=, <, <=, BETWEEN, IN, CONTAINS, IS NULL) after amount_spent.",
  },
  { source: "amount_spent >", at: "1:15", says: "The rule ends too early; expected a value." },
  {
    source: "amount_spent 500",
    at: "1:14",
    says: "'500' is unexpected; expected an operator (=, !=, >, >=, <, <=, BETWEEN, IN, CONTAINS, IS NULL) after amount_spent.",
  },
  { source: "amount_spent = = 5", at: "1:16", says: "'=' is unexpected; expected a value." },
  { source: "amount_spent == 5", at: "1:15", says: "'=' is unexpected; expected a value." },
  { source: "amount_spent => 5", at: "1:15", says: "'>' is unexpected; expected a value." },
  {
    source: "amount_spent > 1,000",
    at: "1:17",
    says: "Numbers are written without thousands separators, with a point before decimals.",
  },
  { source: "amount_spent > 1 000", at: "1:18", says: "'000' is unexpected; expected AND, OR or the end of the rule." },
  { source: "amount_spent > $500", at: "1:16", says: "'$' is unexpected." },
  { source: "amount_spent > 500€", at: "1:19", says: "'€' is unexpected." },
  {
    source: "amount_spent > '500'",
    at: "1:16",
    says: "amount_spent takes an amount such as 10.99, not the text '500'.",
  },
  {
    source: "amount_spent > 10.",
    at: "1:16",
    says: "'10.' is neither a number, a date (2026-01-31 or 2026-01-31T16:00:00) nor an offset such as -30d, -48h or -15min.",
  },
  { source: "amount_spent > .5", at: "1:16", says: "'.' is unexpected." },
  {
    source: "amount_spent > 1e3",
    at: "1:16",
    says: "'1e3' is neither a number, a date (2026-01-31 or 2026-01-31T16:00:00) nor an offset such as -30d, -48h or -15min.",
  },
  {
    source: "amount_spent > 5 AND",
    at: "1:21",
    says: "The rule ends too early; expected an attribute, a function, NOT or (.",
  },
  {
    source: "amount_spent > 5 OR",
    at: "1:20",
    says: "The rule ends too early; expected an attribute, a function, NOT or (.",
  },
  {
    source: "AND amount_spent > 5",
    at: "1:1",
    says: "'AND' is unexpected; expected an attribute, a function, NOT or (.",
  },
  { source: "OR", at: "1:1", says: "'OR' is unexpected; expected an attribute, a function, NOT or (." },
  {
    source: "amount_spent > 5 AND OR number_of_orders = 1",
    at: "1:22",
    says: "'OR' is unexpected; expected an attribute, a function, NOT or (.",
  },
  {
    source: "amount_spent > 5 number_of_orders = 1",
    at: "1:18",
    says: "'number_of_orders' is unexpected; expected AND, OR or the end of the rule.",
  },
  { source: "amount_spent > 5 && number_of_orders = 1", at: "1:18", says: "'&' is unexpected." },
  { source: "amount_spent > 5; number_of_orders = 1", at: "1:17", says: "';' is unexpected." },
  { source: "(amount_spent > 5", at: "1:18", says: "The rule ends too early; expected ')' at the end of the group." },
  { source: "amount_spent > 5)", at: "1:17", says: "')' is unexpected; expected AND, OR or the end of the rule." },
  {
    source: "((amount_spent > 5) AND (number_of_orders = 1)",
    at: "1:47",
    says: "The rule ends too early; expected ')' at the end of the group.",
  },
  { source: "()", at: "1:2", says: "')' is unexpected; expected an attribute, a function, NOT or (." },
  { source: "NOT", at: "1:4", says: "The rule ends too early; expected an attribute, a function, NOT or (." },
  { source: "NOT ()", at: "1:6", says: "')' is unexpected; expected an attribute, a function, NOT or (." },
  { source: "NOT NOT", at: "1:8", says: "The rule ends too early; expected an attribute, a function, NOT or (." },
  { source: "amount_spent BETWEEN 1", at: "1:23", says: "The rule ends too early; expected AND." },
  { source: "amount_spent BETWEEN 1 AND", at: "1:27", says: "The rule ends too early; expected a value." },
  { source: "amount_spent BETWEEN 1 OR 5", at: "1:24", says: "'OR' is unexpected; expected AND." },
  { source: "amount_spent BETWEEN AND 5", at: "1:22", says: "'AND' is unexpected; expected a value." },
  { source: "amount_spent BETWEEN (1, 5)", at: "1:22", says: "'(' is unexpected; expected a value." },
  {
    source: "amount_spent CONTAINS 5",
    at: "1:14",
    says: "amount_spent is a single value; write = instead of CONTAINS.",
  },
  { source: "amount_spent IS 5", at: "1:17", says: "'5' is unexpected; expected NULL." },
  { source: "amount_spent IS NOT 5", at: "1:21", says: "'5' is unexpected; expected NULL." },
  { source: "amount_spent IS NULL 5", at: "1:22", says: "'5' is unexpected; expected AND, OR or the end of the rule." },
  {
    source: "amount_spent = NULL",
    at: "1:16",
    says: "Nothing is compared with NULL; expected IS NULL or IS NOT NULL before it.",
  },
  {
    source: "amount_spent LIKE 5",
    at: "1:14",
    says: "'LIKE' is unexpected; expected an operator (=, !=, >, >=, <, <=, BETWEEN, IN, CONTAINS, IS NULL) after amount_spent.",
  },
  { source: "amount_spent IN ()", at: "1:18", says: "')' is unexpected; expected a value." },
  { source: "amount_spent IN (1", at: "1:19", says: "The rule ends too early; expected ')' or ',' in the list." },
  { source: "amount_spent IN (1,)", at: "1:20", says: "')' is unexpected; expected a value." },
  { source: "amount_spent IN 1, 2", at: "1:17", says: "'1' is unexpected; expected '(' before the list." },
  { source: "amount_spent NOT 5", at: "1:18", says: "'5' is unexpected; expected CONTAINS, IN or MATCHES after NOT." },
  {
    source: "amount_spent NOT BETWEEN 1 AND 5",
    at: "1:18",
    says: "'BETWEEN' is unexpected; expected CONTAINS, IN or MATCHES after NOT.",
  },
  { source: "amount_spent = true", at: "1:16", says: "amount_spent takes an amount such as 10.99, not true." },
  { source: "amount_spent = -30d", at: "1:16", says: "amount_spent takes an amount such as 10.99, not a date offset." },
  { source: "number_of_orders = 1.5", at: "1:20", says: "number_of_orders takes whole numbers, not 1.5." },
  {
    source: "number_of_orders = 9223372036854775808",
    at: "1:20",
    says: "9223372036854775808 is outside the range of whole numbers (64 bits).",
  },
  {
    source: "number_of_orders >= 'three'",
    at: "1:21",
    says: "number_of_orders takes a whole number, not the text 'three'.",
  },
  {
    source: "number_of_orders = three",
    at: "1:20",
    says: "'three' is no value; texts are written in single quotes: 'three'.",
  },
  {
    source: "last_order_date = 5",
    at: "1:19",
    says: "last_order_date takes a date such as 2026-01-31, -30d, -48h or today, not the number 5.",
  },
  {
    source: "last_order_date = '2026/01/31'",
    at: "1:19",
    says: "last_order_date takes a date such as 2026-01-31, -30d, -48h or today, not the text '2026/01/31'.",
  },
  { source: "last_order_date = 2026-13-01", at: "1:19", says: "2026-13-01 is no day: months go from 01 to 12." },
  { source: "last_order_date = 2026-02-29", at: "1:19", says: "2026-02-29 is no day: 2026-02 has 28 days." },
  { source: "last_order_date = 2026-04-31", at: "1:19", says: "2026-04-31 is no day: 2026-04 has 30 days." },
  { source: "last_order_date = 2026-00-10", at: "1:19", says: "2026-00-10 is no day: months go from 01 to 12." },
  {
    source: "last_order_date = 2026-1-5",
    at: "1:19",
    says: "'2026-1-5' is neither a number, a date (2026-01-31 or 2026-01-31T16:00:00) nor an offset such as -30d, -48h or -15min.",
  },
  { source: "last_order_date = 0026-01-05", at: "1:19", says: "Years have four digits and begin at 1000." },
  {
    source: "last_order_date > 2026-05-30T24:00:00",
    at: "1:19",
    says: "24:00:00 is no time: times go from 00:00:00 to 23:59:59.",
  },
  {
    source: "last_order_date > 2026-05-30T16:60:00",
    at: "1:19",
    says: "16:60:00 is no time: times go from 00:00:00 to 23:59:59.",
  },
  {
    source: "last_order_date > 2026-05-30T16:00",
    at: "1:19",
    says: "'2026-05-30T16:00' is neither a number, a date (2026-01-31 or 2026-01-31T16:00:00) nor an offset such as -30d, -48h or -15min.",
  },
  {
    source: "last_order_date > 2026-05-30 16:00:00",
    at: "1:30",
    says: "'16' is unexpected; expected AND, OR or the end of the rule.",
  },
  {
    source: "last_order_date > 2026-05-30T16:00:00Z",
    at: "1:19",
    says: "'2026-05-30T16:00:00Z' is neither a number, a date (2026-01-31 or 2026-01-31T16:00:00) nor an offset such as -30d, -48h or -15min.",
  },
  {
    source: "last_order_date BETWEEN 1pm AND 3pm",
    at: "1:25",
    says: "'1pm' is neither a number, a date (2026-01-31 or 2026-01-31T16:00:00) nor an offset such as -30d, -48h or -15min.",
  },
  {
    source: "last_order_date > todayT16:00:00",
    at: "1:19",
    says: "'todayT16' is no value; texts are written in single quotes: 'todayT16'.",
  },
  {
    source: "last_order_date > tomorrow",
    at: "1:19",
    says: "'tomorrow' is no value; texts are written in single quotes: 'tomorrow'.",
  },
  { source: "last_order_date > 30d", at: "1:19", says: "An offset has a sign; expected -30d or +30d." },
  {
    source: "last_order_date > -30",
    at: "1:19",
    says: "last_order_date takes a date such as 2026-01-31, -30d, -48h or today, not the number -30.",
  },
  {
    source: "last_order_date > -30x",
    at: "1:19",
    says: "'-30x' is neither a number, a date (2026-01-31 or 2026-01-31T16:00:00) nor an offset such as -30d, -48h or -15min.",
  },
  { source: "last_order_date > - 30d", at: "1:19", says: "'-' is unexpected." },
  {
    source: "last_order_date > -30days",
    at: "1:19",
    says: "'-30days' is neither a number, a date (2026-01-31 or 2026-01-31T16:00:00) nor an offset such as -30d, -48h or -15min.",
  },
  {
    source: "last_order_date > 5_days_ago",
    at: "1:19",
    says: "'5_days_ago' is neither a number, a date (2026-01-31 or 2026-01-31T16:00:00) nor an offset such as -30d, -48h or -15min.",
  },
  {
    source: "last_order_date = -48h",
    at: "1:19",
    says: "An offset in hours or minutes is an instant, not a day; expected >, <= or BETWEEN before it.",
  },
  {
    source: "last_order_date != -15min",
    at: "1:20",
    says: "An offset in hours or minutes is an instant, not a day; expected >, <= or BETWEEN before it.",
  },
  { source: "last_order_date > -99999y", at: "1:19", says: "An offset reaches at most 200 years." },
  {
    source: "last_order_date CONTAINS '2026'",
    at: "1:17",
    says: "last_order_date is a single value; write = instead of CONTAINS.",
  },
  {
    source: "last_order_date IN (2026-01-01)",
    at: "1:17",
    says: "last_order_date cannot be compared with IN; expected =, !=, >, >=, <, <=, BETWEEN, IS NULL or IS NOT NULL.",
  },
  { source: "customer_tags = 'vip'", at: "1:15", says: "customer_tags is a list; write CONTAINS instead of =." },
  { source: "customer_tags != 'vip'", at: "1:15", says: "customer_tags is a list; write NOT CONTAINS instead of !=." },
  { source: "customer_tags > 'vip'", at: "1:15", says: "customer_tags is a list; write CONTAINS instead of >." },
  {
    source: "customer_tags CONTAINS vip",
    at: "1:24",
    says: "'vip' is no value; texts are written in single quotes: 'vip'.",
  },
  { source: 'customer_tags CONTAINS "vip"', at: "1:24", says: "Texts are written in single quotes ('), not in \"." },
  { source: "customer_tags CONTAINS “vip”", at: "1:24", says: "Texts are written in single quotes ('), not in “." },
  { source: "customer_tags CONTAINS 'vip", at: "1:24", says: "This text is never closed; expected ' at its end." },
  {
    source: "customer_tags CONTAINS 'O'Brien'",
    at: "1:27",
    says: "'Brien' is unexpected; expected AND, OR or the end of the rule.",
  },
  { source: "customer_tags CONTAINS ('vip', 'new')", at: "1:24", says: "'(' is unexpected; expected a value." },
  {
    source: "customer_tags CONTAINS 5",
    at: "1:24",
    says: "customer_tags takes a text in single quotes, not the number 5.",
  },
  { source: "customer_tags CONTAINS", at: "1:23", says: "The rule ends too early; expected a value." },
  {
    source: "customer_tags NOT = 'vip'",
    at: "1:19",
    says: "'=' is unexpected; expected CONTAINS, IN or MATCHES after NOT.",
  },
  { source: "customer_tags IN ('vip')", at: "1:15", says: "customer_tags is a list; write CONTAINS instead of IN." },
  {
    source: "customer_email_domain CONTAINS 'gmail'",
    at: "1:23",
    says: "customer_email_domain is a single value; write = instead of CONTAINS.",
  },
  {
    source: "customer_email_domain > 'a'",
    at: "1:23",
    says: "customer_email_domain cannot be compared with >; expected =, !=, IN, NOT IN, IS NULL or IS NOT NULL.",
  },
  {
    source: "customer_email_domain = 5",
    at: "1:25",
    says: "customer_email_domain takes a text in single quotes, not the number 5.",
  },
  {
    source: "email_subscription_status = 'subscribed'",
    at: "1:29",
    says: "'subscribed' is no value of email_subscription_status; did you mean 'SUBSCRIBED'?",
  },
  {
    source: "email_subscription_status = 'SUBSCRIBD'",
    at: "1:29",
    says: "'SUBSCRIBD' is no value of email_subscription_status; did you mean 'SUBSCRIBED'?",
  },
  {
    source: "email_subscription_status = SUBSCRIBED",
    at: "1:29",
    says: "'SUBSCRIBED' is no value; texts are written in single quotes: 'SUBSCRIBED'.",
  },
  {
    source: "email_subscription_status CONTAINS 'SUBSCRIBED'",
    at: "1:27",
    says: "email_subscription_status is a single value; write = instead of CONTAINS.",
  },
  {
    source: "email_subscription_status > 'SUBSCRIBED'",
    at: "1:27",
    says: "email_subscription_status cannot be compared with >; expected =, !=, IN, NOT IN, IS NULL or IS NOT NULL.",
  },
  {
    source: "rfm_group = 'CHAMPION'",
    at: "1:13",
    says: "'CHAMPION' is no value of rfm_group; did you mean 'CHAMPIONS'?",
  },
  {
    source: "customer_account_status = 'ACTIVE'",
    at: "1:27",
    says: "'ACTIVE' is no value of customer_account_status; expected 'ENABLED', 'DISABLED', 'INVITED' or 'DECLINED'.",
  },
  {
    source: "suspected_duplicate = 'true'",
    at: "1:23",
    says: "suspected_duplicate takes true or false, not the text 'true'.",
  },
  {
    source: "suspected_duplicate > true",
    at: "1:21",
    says: "suspected_duplicate cannot be compared with >; expected =, !=, IS NULL or IS NOT NULL.",
  },
  { source: "suspected_duplicate = 1", at: "1:23", says: "suspected_duplicate takes true or false, not the number 1." },
  {
    source: "products_purchased",
    at: "1:19",
    says: "The rule ends too early; expected MATCHES (…) or NOT MATCHES (…) after products_purchased.",
  },
  {
    source: "products_purchased = true",
    at: "1:20",
    says: "'=' is unexpected; expected MATCHES (…) or NOT MATCHES (…) after products_purchased.",
  },
  { source: "products_purchased MATCHES", at: "1:27", says: "The rule ends too early; expected '(' after MATCHES." },
  {
    source: "products_purchased MATCHES (",
    at: "1:29",
    says: "The rule ends too early; expected a parameter of products_purchased.",
  },
  { source: "products_purchased MATCHES )", at: "1:28", says: "')' is unexpected; expected '(' after MATCHES." },
  {
    source: "products_purchased MATCHES (id)",
    at: "1:31",
    says: "')' is unexpected; expected an operator (=, !=, >, >=, <, <=, BETWEEN, IN, CONTAINS, IS NULL) after id.",
  },
  { source: "products_purchased MATCHES (id =)", at: "1:33", says: "')' is unexpected; expected a value." },
  {
    source: "products_purchased MATCHES (id = 'abc')",
    at: "1:34",
    says: "id takes an id, a whole number such as 1012132033639, not the text 'abc'.",
  },
  {
    source: "products_purchased MATCHES (id = -5)",
    at: "1:34",
    says: "id takes an id, a whole number such as 1012132033639.",
  },
  {
    source: "products_purchased MATCHES (id = 1.5)",
    at: "1:34",
    says: "id takes an id, a whole number such as 1012132033639.",
  },
  {
    source: "products_purchased MATCHES (id > 5)",
    at: "1:32",
    says: "id cannot be compared with >; expected =, !=, IN, NOT IN, IS NULL or IS NOT NULL.",
  },
  {
    source: "products_purchased MATCHES (id = 1, id = 2)",
    at: "1:40",
    says: "id is compared twice in the same way; expected BETWEEN, IN (…) or a second clause.",
  },
  {
    source: "products_purchased MATCHES (id = 1 id = 2)",
    at: "1:36",
    says: "'id' is unexpected; expected ')' or ',' after the parameter.",
  },
  {
    source: "products_purchased MATCHES (id = 1 AND count > 1)",
    at: "1:36",
    says: "'AND' is unexpected; expected ')' or ',' after the parameter.",
  },
  {
    source: "products_purchased MATCHES (id IN 1, 2)",
    at: "1:35",
    says: "'1' is unexpected; expected '(' before the list.",
  },
  {
    source: "products_purchased MATCHES (id: 1)",
    at: "1:31",
    says: "':' is unexpected; expected an operator (=, !=, >, >=, <, <=, BETWEEN, IN, CONTAINS, IS NULL) after id.",
  },
  {
    source: "products_purchased MATCHES (idd = 1)",
    at: "1:29",
    says: "products_purchased has no parameter 'idd'; did you mean id?",
  },
  {
    source: "products_purchased MATCHES (quantty >= 2)",
    at: "1:29",
    says: "products_purchased has no parameter 'quantty'; did you mean quantity?",
  },
  { source: "products_purchased MATCHES (count > 1.5)", at: "1:37", says: "count takes whole numbers, not 1.5." },
  {
    source: "products_purchased MATCHES (count IS NULL)",
    at: "1:35",
    says: "count cannot be compared with IS NULL; expected =, !=, >, >=, <, <=, BETWEEN, IN or NOT IN.",
  },
  {
    source: "products_purchased MATCHES (sum_tag > 1)",
    at: "1:29",
    says: "tag holds several values; sum needs a property with one.",
  },
  {
    source: "products_purchased MATCHES (tag = sale)",
    at: "1:35",
    says: "'sale' is no value; texts are written in single quotes: 'sale'.",
  },
  {
    source: "products_purchased MATCHES (date > 30d)",
    at: "1:36",
    says: "An offset has a sign; expected -30d or +30d.",
  },
  { source: "products_purchased NOT (id = 1)", at: "1:24", says: "'(' is unexpected; expected MATCHES." },
  {
    source: "products_purchased MATCHES () = true",
    at: "1:31",
    says: "'=' is unexpected; expected AND, OR or the end of the rule.",
  },
  {
    source: "product_purchased MATCHES (id = 1)",
    at: "1:1",
    says: "There is no function 'product_purchased'; did you mean products_purchased?",
  },
  {
    source: "orders_place MATCHES ()",
    at: "1:1",
    says: "There is no function 'orders_place'; did you mean orders_placed?",
  },
  {
    source: "orders_placed MATCHES (sum() > 5)",
    at: "1:30",
    says: "'>' is unexpected; expected ')' after the property of sum.",
  },
  {
    source: "orders_placed MATCHES (sum(amount > 5)",
    at: "1:35",
    says: "'>' is unexpected; expected ')' after the property of sum.",
  },
  {
    source: "orders_placed MATCHES (sum(colour) > 5)",
    at: "1:28",
    says: "orders_placed has no parameter 'colour'; it has count, date, app_id, location_id, amount, order_id, source_name, tag, discount_code, quantity.",
  },
  {
    source: "orders_placed MATCHES (sum(source_name) > 5)",
    at: "1:28",
    says: "sum needs numbers; source_name holds none.",
  },
  { source: "orders_placed MATCHES (average(date) > 5)", at: "1:32", says: "average needs numbers; date holds none." },
  {
    source: "orders_placed MATCHES (min(tag) = 'x')",
    at: "1:28",
    says: "tag holds several values; min needs a property with one.",
  },
  {
    source: "orders_placed MATCHES (distinct(tag) > 1)",
    at: "1:33",
    says: "tag holds several values; distinct needs a property with one.",
  },
  {
    source: "orders_placed MATCHES (count(amount) > 1)",
    at: "1:24",
    says: "count takes no property; expected count, or distinct(…).",
  },
  {
    source: "orders_placed MATCHES (median(amount) > 1)",
    at: "1:24",
    says: "orders_placed has no parameter 'median'; it has count, date, app_id, location_id, amount, order_id, source_name, tag, discount_code, quantity.",
  },
  {
    source: "orders_placed MATCHES (amount = 'ten')",
    at: "1:33",
    says: "amount takes an amount such as 10.99, not the text 'ten'.",
  },
  {
    source: "products_purchased(id: 1)",
    at: "1:26",
    says: "The rule ends too early; expected = true or = false, or better MATCHES (…).",
  },
  { source: "products_purchased(id: 1) = 1", at: "1:29", says: "'1' is unexpected; expected true or false." },
  {
    source: "products_purchased(id: 1) > true",
    at: "1:27",
    says: "'>' is unexpected; expected = true or = false, or better MATCHES (…).",
  },
  { source: "products_purchased(id 1) = true", at: "1:23", says: "'1' is unexpected; expected ':' after id." },
  {
    source: "products_purchased(idd: 1) = true",
    at: "1:20",
    says: "products_purchased has no parameter 'idd'; did you mean id?",
  },
  {
    source: "shopify_email.opend() = true",
    at: "1:1",
    says: "There is no function 'shopify_email.opend'; did you mean shopify_email.opened?",
  },
  {
    source: "shopify_email.opened MATCHES (activity_id = 'x')",
    at: "1:45",
    says: "activity_id takes an id, a whole number such as 1012132033639, not the text 'x'.",
  },
  { source: "shopify_email MATCHES ()", at: "1:1", says: "There is no function 'shopify_email'." },
  {
    source: "storefront.product_view MATCHES ()",
    at: "1:1",
    says: "There is no function 'storefront.product_view'; did you mean storefront.product_viewed?",
  },
  {
    source: "storefront.product_viewed MATCHES () THEN",
    at: "1:42",
    says: "The rule ends too early; expected a function such as orders_placed.",
  },
  {
    source: "storefront.product_viewed MATCHES () THEN WITHIN orders_placed MATCHES ()",
    at: "1:50",
    says: "'orders_placed' is unexpected; expected a duration such as 15min, 2h, 7d or 4w.",
  },
  {
    source: "storefront.product_viewed MATCHES () THEN WITHIN 2 orders_placed MATCHES ()",
    at: "1:50",
    says: "'2' is unexpected; expected a duration such as 15min, 2h, 7d or 4w.",
  },
  {
    source: "storefront.product_viewed MATCHES () THEN WITHIN -2h orders_placed MATCHES ()",
    at: "1:50",
    says: "A duration has no sign; expected 15min, 2h, 7d or 4w.",
  },
  {
    source: "storefront.product_viewed MATCHES () THEN WITHIN 2m orders_placed MATCHES ()",
    at: "1:50",
    says: "A duration is counted in min, h, d or w: months and years differ in length.",
  },
  {
    source: "storefront.product_viewed MATCHES () THEN amount_spent > 5",
    at: "1:43",
    says: "'amount_spent' is unexpected; expected a function such as orders_placed.",
  },
  {
    source: "storefront.product_viewed MATCHES () THEN order_placed MATCHES ()",
    at: "1:43",
    says: "There is no function 'order_placed'; did you mean orders_placed?",
  },
  {
    source: "storefront.product_viewed NOT MATCHES () THEN orders_placed MATCHES ()",
    at: "1:42",
    says: "A sequence begins with something that happened; expected MATCHES before THEN.",
  },
  {
    source: "storefront.product_viewed MATCHES (count > 2) THEN orders_placed MATCHES ()",
    at: "1:47",
    says: "A step of a sequence has conditions on its events, not counts or sums.",
  },
  {
    source: "storefront.product_viewed MATCHES () THEN orders_placed MATCHES (count > 2)",
    at: "1:43",
    says: "A step of a sequence has conditions on its events, not counts or sums.",
  },
  {
    source: "storefront.product_viewed MATCHES () THEN orders_placed NOT MATCHES () THEN refunds_made MATCHES ()",
    at: "1:72",
    says: "Only the last step of a sequence may be NOT MATCHES.",
  },
  {
    source: "custom.signed_up MATCHES (plan = pro)",
    at: "1:34",
    says: "'pro' is no value; texts are written in single quotes: 'pro'.",
  },
  {
    source: "custom.signed_up MATCHES (plan IN ('a', 1))",
    at: "1:32",
    says: "plan is compared with values of different types here.",
  },
  {
    source: "custom.signed_up MATCHES (occurred_at = 1)",
    at: "1:27",
    says: "custom.signed_up has no parameter 'occurred_at'; it has count, date.",
  },
  { source: "custom. MATCHES ()", at: "1:1", says: "There is no attribute 'custom'." },
  { source: "sample", at: "1:1", says: "There is no attribute 'sample'." },
  { source: "sample(10)", at: "1:10", says: "')' is unexpected; expected '%' after the share." },
  { source: "sample(0%)", at: "1:8", says: "A share goes from 0.01% to 100%, in steps of 0.01%." },
  { source: "sample(101%)", at: "1:8", says: "A share goes from 0.01% to 100%, in steps of 0.01%." },
  { source: "sample(0.001%)", at: "1:8", says: "A share goes from 0.01% to 100%, in steps of 0.01%." },
  { source: "sample(ten%)", at: "1:8", says: "'ten' is unexpected; expected a share such as 10%." },
  { source: "sample 10%", at: "1:1", says: "There is no attribute 'sample'." },
  {
    source: "anniversary() = today",
    at: "1:13",
    says: "')' is unexpected; expected the name of a date in single quotes, such as 'metafields.facts.birth_date'.",
  },
  {
    source: "anniversary(birth_date) = today",
    at: "1:13",
    says: "'birth_date' is unexpected; expected the name of a date in single quotes, such as 'metafields.facts.birth_date'.",
  },
  { source: "anniversary('birth_date') = today", at: "1:13", says: "There is no attribute 'birth_date'." },
  {
    source: "anniversary('amount_spent') = today",
    at: "1:13",
    says: "amount_spent is no date, so it has no anniversary.",
  },
  {
    source: "anniversary('metafields.facts.birth_date') > today",
    at: "1:44",
    says: "An anniversary comes back every year; expected =, != or BETWEEN.",
  },
  {
    source: "anniversary('metafields.facts.birth_date') = -48h",
    at: "1:46",
    says: "An anniversary is a whole day; expected a date such as 2026-01-31, +7d or today.",
  },
  {
    source: "customer_within_distance MATCHES ()",
    at: "1:35",
    says: "')' is unexpected; expected coordinates, distance_km or distance_mi.",
  },
  {
    source: "customer_within_distance MATCHES (coordinates = '49.2,-123.1')",
    at: "1:1",
    says: "customer_within_distance needs coordinates and distance_km or distance_mi.",
  },
  {
    source: "customer_within_distance MATCHES (coordinates = 'Vancouver', distance_km = 5)",
    at: "1:49",
    says: "Coordinates are latitude and longitude in degrees, such as '49.2827,-123.1207'.",
  },
  {
    source: "customer_within_distance MATCHES (coordinates = '95,-123.1', distance_km = 5)",
    at: "1:49",
    says: "Coordinates are latitude and longitude in degrees, such as '49.2827,-123.1207'.",
  },
  {
    source: "customer_within_distance MATCHES (coordinates = '49.2,-123.1', distance_km = 0)",
    at: "1:78",
    says: "A distance is a number above 0 and at most 25,000.",
  },
  {
    source: "customer_within_distance MATCHES (coordinates = '49.2,-123.1', distance_km = 5, distance_mi = 3)",
    at: "1:1",
    says: "Give distance_km or distance_mi, not both.",
  },
  {
    source: "metafields.birth_date = today",
    at: "1:1",
    says: "A metafield is written metafields.NAMESPACE.KEY, not 'metafields.birth_date'.",
  },
  {
    source: "metafields.facts.birth_date = today AND metafields = 1",
    at: "1:41",
    says: "A metafield is written metafields.NAMESPACE.KEY, not 'metafields'.",
  },
  {
    source: "metafields.custom.size BETWEEN 'a' AND 5",
    at: "1:24",
    says: "metafields.custom.size is compared with values of different types here.",
  },
  { source: "segments = 'loyal'", at: "1:10", says: "segments is a list; write CONTAINS instead of =." },
  {
    source: "traits.lifecycle_stag = 'new'",
    at: "1:1",
    says: "There is no attribute 'traits.lifecycle_stag'; did you mean traits.lifecycle_stage?",
  },
  {
    source: "traits.unheard_of = 1",
    at: "1:1",
    says: "Nobody in this shop has the trait 'traits.unheard_of'; it is known once PUT /api/profiles has told a value of it.",
  },
  { source: "amount_spent > 5 STAY", at: "1:22", says: "The rule ends too early; expected AT." },
  {
    source: "amount_spent > 5 STAY AT LEAST",
    at: "1:31",
    says: "The rule ends too early; expected a duration such as 15min, 2h, 7d or 4w.",
  },
  {
    source: "amount_spent > 5 STAY AT LEAST 7",
    at: "1:32",
    says: "'7' is unexpected; expected a duration such as 15min, 2h, 7d or 4w.",
  },
  {
    source: "amount_spent > 5 STAY AT LEAST 0d",
    at: "1:32",
    says: "A duration is longer than nothing and at most 73,000 days.",
  },
  {
    source: "orders_placed MATCHES () THEN WITHIN 10429w orders_placed NOT MATCHES ()",
    at: "1:38",
    says: "A duration is longer than nothing and at most 73,000 days.",
  },
  { source: "amount_spent > 5 STAY AT LEAST 7d STAY AT LEAST 8d", at: "1:35", says: "STAY is said twice." },
  {
    source: "amount_spent > 5 EXPIRE AFTER 1m",
    at: "1:31",
    says: "A duration is counted in min, h, d or w: months and years differ in length.",
  },
  {
    source: "amount_spent > 5 EXPIRE AFTER 30d WITHOUT FUN",
    at: "1:43",
    says: "'FUN' is unexpected; expected ACTIVITY.",
  },
  { source: "amount_spent > 5 NO REENTRY 30d", at: "1:29", says: "'30d' is unexpected; expected FOR." },
  { source: "STAY AT LEAST 7d", at: "1:1", says: "There is no attribute 'STAY'." },
  { source: "FROM orders WHERE amount_spent > 5", at: "1:6", says: "'orders' is unexpected; expected customers." },
  {
    source: "FROM customers SHOW customer_name",
    at: "1:34",
    says: "The rule ends too early; expected WHERE and a condition.",
  },
  { source: "amount_spent > 5 ORDER BY", at: "1:24", says: "'BY' is unexpected; expected a column to order by." },
  { source: "'; DROP TABLE customers; --", at: "1:1", says: "This text is never closed; expected ' at its end." },
  {
    source: "amount_spent > 5'; DROP TABLE customers; --",
    at: "1:17",
    says: "This text is never closed; expected ' at its end.",
  },
  { source: "amount_spent > 5; DELETE FROM memberships", at: "1:17", says: "';' is unexpected." },
  {
    source: "amount_spent > 5 UNION SELECT * FROM shops",
    at: "1:18",
    says: "'UNION' is unexpected; expected AND, OR or the end of the rule.",
  },
  { source: "amount_spent > (SELECT 1)", at: "1:16", says: "'(' is unexpected; expected a value." },
  { source: "1 = 1", at: "1:1", says: "'1' is unexpected; expected an attribute, a function, NOT or (." },
  {
    source: "1=1 OR amount_spent > 0",
    at: "1:1",
    says: "'1' is unexpected; expected an attribute, a function, NOT or (.",
  },
  { source: "amount_spent > 0 -- comment", at: "1:18", says: "'-' is unexpected." },
  { source: "amount_spent > 0 /* comment */", at: "1:18", says: "'/' is unexpected." },
  { source: "${process.exit(1)}", at: "1:1", says: "'$' is unexpected." },
  { source: "{{ customer.email }}", at: "1:1", says: "'{' is unexpected." },
  {
    source: "<script>alert(1)</script>",
    at: "1:1",
    says: "'<' is unexpected; expected an attribute, a function, NOT or (.",
  },
  {
    source: "customer_tags CONTAINS 'x' OR ''=''",
    at: "1:31",
    says: "'''' is unexpected; expected an attribute, a function, NOT or (.",
  },
  { source: "__proto__ = 1", at: "1:1", says: "There is no attribute '__proto__'." },
  { source: "constructor MATCHES ()", at: "1:1", says: "There is no function 'constructor'." },
  {
    source: "products_purchased MATCHES (constructor = 1)",
    at: "1:29",
    says: "products_purchased has no parameter 'constructor'; it has count, date, id, tag, category, variant_id, price, quantity, amount, vendor, order_id, line_id.",
  },
  {
    source: "products_purchased MATCHES (__proto__ = 1)",
    at: "1:29",
    says: "products_purchased has no parameter '__proto__'; it has count, date, id, tag, category, variant_id, price, quantity, amount, vendor, order_id, line_id.",
  },
  {
    source: "custom.signed_up MATCHES (toString() = 1)",
    at: "1:35",
    says: "'(' is unexpected; expected an operator (=, !=, >, >=, <, <=, BETWEEN, IN, CONTAINS, IS NULL) after toString.",
  },
  {
    source: "amount_spent = constructor",
    at: "1:16",
    says: "'constructor' is no value; texts are written in single quotes: 'constructor'.",
  },
  {
    source: "orders_placed MATCHES (constructor(amount) > 1)",
    at: "1:24",
    says: "orders_placed has no parameter 'constructor'; it has count, date, app_id, location_id, amount, order_id, source_name, tag, discount_code, quantity.",
  },
  {
    source: "last_order_date > 31/01/2026",
    at: "1:19",
    says: "'31/01/2026' is neither a number, a date (2026-01-31 or 2026-01-31T16:00:00) nor an offset such as -30d, -48h or -15min.",
  },
  {
    source:
      "amount_spent > 5 AND ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((amount_spent > 5))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))",
    at: "1:72",
    says: "Groups are nested more than 50 deep.",
  },
  {
    source: "amount_spent > 5\nAND number_of_ordrs = 1",
    at: "2:5",
    says: "There is no attribute 'number_of_ordrs'; did you mean number_of_orders?",
  },
  {
    source: "customer_tags CONTAINS '💡' AND\r\n  customer_tag = 1",
    at: "2:3",
    says: "There is no attribute 'customer_tag'; did you mean customer_tags?",
  },
];

export const REFUSED_SQL: readonly RefusedRule[] = [
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spnt > 5",
    at: "1:45",
    says: "customer_data has no column 'total_spnt'; did you mean total_spent?",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > ",
    at: "1:59",
    says: "This is no SQL: syntax error at end of input.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > total_refunded",
    at: "1:59",
    says: "A column can be compared with a constant, CURRENT_DATE or now() and an interval, not with another column.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > number_of_orders",
    at: "1:59",
    says: "A column can be compared with a constant, CURRENT_DATE or now() and an interval, not with another column.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > '500'",
    at: "1:59",
    says: "amount_spent takes an amount such as 10.99, not the text '500'.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent = NULL",
    at: "1:59",
    says: "A comparison with NULL is never true; expected IS NULL or IS NOT NULL.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent IN (SELECT 1)",
    at: "1:45",
    says: "This sub-query cannot be translated; expected EXISTS (…), customer_id IN (SELECT customer_id …) or a comparison of an aggregate.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > (SELECT avg(total_spent) FROM customer_data)",
    at: "1:59",
    says: "A column can be compared with a constant, CURRENT_DATE or now() and an interval, not with this expression.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent + 5 > 10",
    at: "1:45",
    says: "This cannot be translated; expected a comparison of a column with a constant, EXISTS (…) or customer_id IN (SELECT …).",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE lower(email) = 'a@b.c'",
    at: "1:45",
    says: "lower(…) cannot be translated; columns are compared as they are.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE email LIKE '%gmail.com'",
    at: "1:51",
    says: "LIKE cannot be translated; expected =, <>, <, <=, >, >=, BETWEEN, IN or IS NULL.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE email ILIKE '%gmail.com'",
    at: "1:51",
    says: "ILIKE cannot be translated; expected =, <>, <, <=, >, >=, BETWEEN, IN or IS NULL.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE email ~ '^a'",
    at: "1:51",
    says: "~ cannot be translated; expected =, <>, <, <=, >, >=, BETWEEN, IN or IS NULL.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE email SIMILAR TO 'a%'",
    at: "1:51",
    says: "SIMILAR TO cannot be translated; expected =, <>, <, <=, >, >=, BETWEEN, IN or IS NULL.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE last_purchase_date > CURRENT_DATE - INTERVAL '30 lightyears'",
    at: "1:81",
    says: "INTERVAL '30 lightyears' cannot be translated; expected one amount of minutes, hours, days, weeks, months or years.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE last_purchase_date > CURRENT_DATE - INTERVAL '1 month 2 days'",
    at: "1:81",
    says: "INTERVAL '1 month 2 days' cannot be translated; expected one amount of minutes, hours, days, weeks, months or years.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE last_purchase_date > CURRENT_DATE - INTERVAL '48 hours'",
    at: "1:66",
    says: "CURRENT_DATE is a whole day; expected now() with hours or minutes.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE last_purchase_date > now() - INTERVAL '1 month'",
    at: "1:66",
    says: "Months and years differ in length; expected CURRENT_DATE with months, or now() with hours.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE last_purchase_date > now() - 30",
    at: "1:74",
    says: "Expected an interval here, such as INTERVAL '30 days'.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE last_purchase_date = now() - INTERVAL '2 hours'",
    at: "1:66",
    says: "An offset in hours or minutes is an instant, not a day; expected >, <= or BETWEEN before it.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE last_purchase_date > '31.01.2026'",
    at: "1:66",
    says: "last_order_date takes a date such as 2026-01-31, -30d, -48h or today, not the text '31.01.2026'.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE last_purchase_date > DATE '2026-02-30'",
    at: "1:66",
    says: "2026-02-30 is no day: 2026-02 has 28 days.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE date_trunc('month', last_purchase_date) = DATE '2026-01-01'",
    at: "1:45",
    says: "date_trunc(…) cannot be translated; columns are compared as they are.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE extract(year FROM last_purchase_date) = 2026",
    at: "1:45",
    says: "extract(…) cannot be translated; columns are compared as they are.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE customer_tags = 'vip'",
    at: "1:45",
    says: "customer_tags is a list; expected 'value' = ANY (customer_tags).",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE 'vip' > ANY (customer_tags)",
    at: "1:51",
    says: "Expected 'value' = ANY (list) or 'value' <> ALL (list).",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE number_of_orders = 1.5",
    at: "1:64",
    says: "number_of_orders takes whole numbers, not 1.5.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE email_subscription_status = 'subscribed'",
    at: "1:73",
    says: "'subscribed' is no value of email_subscription_status; did you mean 'SUBSCRIBED'?",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE true",
    at: "1:45",
    says: "This cannot be translated; expected a comparison of a column with a constant, EXISTS (…) or customer_id IN (SELECT …).",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE 1 = 1",
    at: "1:45",
    says: "This cannot be translated; expected a comparison of a column with a constant, EXISTS (…) or customer_id IN (SELECT …).",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE customer_id = 5 OR 1 = 1",
    at: "1:45",
    says: "Customers are not chosen by their id; give them a tag, or expected IN (SELECT …).",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 500 IS UNKNOWN",
    at: "1:45",
    says: "IS UNKNOWN cannot be translated; expected IS NULL on the column.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE CASE WHEN total_spent > 5 THEN true ELSE false END",
    at: "1:45",
    says: "This cannot be translated; expected a comparison of a column with a constant, EXISTS (…) or customer_id IN (SELECT …).",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM orders)",
    at: "1:60",
    says: "The sub-query must be about this customer; add orders.customer_id = customer_data.customer_id to its WHERE.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM orders WHERE amount > 5)",
    at: "1:60",
    says: "The sub-query must be about this customer; add orders.customer_id = customer_data.customer_id to its WHERE.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM order WHERE amount > 5)",
    at: "1:67",
    says: 'This is no SQL: syntax error at or near "order".',
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM ordrs o WHERE o.customer_id = customer_data.customer_id)",
    at: "1:67",
    says: "There is no table 'ordrs'; did you mean orders?",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_user WHERE customer_id = customer_data.customer_id)",
    at: "1:67",
    says: "There is no table 'pg_user'; expected orders, order_lines or events.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM orders, order_lines WHERE orders.customer_id = customer_data.customer_id)",
    at: "1:60",
    says: "A sub-query reads one table: orders, order_lines or events.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM orders o JOIN order_lines l ON true WHERE o.customer_id = customer_data.customer_id)",
    at: "1:60",
    says: "A sub-query reads one table: orders, order_lines or events.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM events e WHERE e.customer_id = customer_data.customer_id)",
    at: "1:67",
    says: "Say which events; add event = 'storefront.product_viewed' (or another kind) to this WHERE.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM events e WHERE e.customer_id = customer_data.customer_id AND e.event = 'storefront.product_view')",
    at: "1:67",
    says: "There is no event 'storefront.product_view'; did you mean storefront.product_viewed?",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = customer_data.customer_id AND o.amout > 5)",
    at: "1:128",
    says: "orders_placed has no column 'amout'; did you mean amount?",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE 1 = (SELECT count(*) FROM orders o WHERE o.customer_id = customer_data.customer_id AND (o.amount > 5 OR o.amount < 1))",
    at: "1:133",
    says: "OR among the rows of an aggregate cannot be translated, and an aggregate for each side says something else; several values of one column are column IN (…).",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE customer_id IN (SELECT customer_id FROM orders WHERE (amount > 5 OR amount < 1) GROUP BY customer_id HAVING count(*) > 3)",
    at: "1:99",
    says: "OR among the rows of an aggregate cannot be translated, and an aggregate for each side says something else; several values of one column are column IN (…).",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE 1 = (SELECT count(*) FROM orders o WHERE o.customer_id = customer_data.customer_id AND NOT (o.amount > 5 AND o.app_id = 2))",
    at: "1:132",
    says: "OR among the rows of an aggregate cannot be translated, and an aggregate for each side says something else; several values of one column are column IN (…).",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE 1 = (SELECT count(*) FROM orders o WHERE o.customer_id = customer_data.customer_id AND o.amount NOT BETWEEN 1 AND 5)",
    at: "1:132",
    says: "NOT BETWEEN among the rows of an aggregate cannot be translated, and an aggregate for each side says something else; expected BETWEEN or one bound.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE 1 = (SELECT count(*) FROM orders o WHERE o.customer_id = customer_data.customer_id LIMIT 1)",
    at: "1:134",
    says: "A sub-query has FROM, WHERE, GROUP BY customer_id and HAVING; nothing else can be translated.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE 1 = (SELECT count(*) FROM orders o WHERE o.customer_id = customer_data.customer_id ORDER BY o.amount)",
    at: "1:137",
    says: "A sub-query has FROM, WHERE, GROUP BY customer_id and HAVING; nothing else can be translated.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE (SELECT count(*) FROM orders) >= 3",
    at: "1:53",
    says: "The sub-query must be about this customer; add orders.customer_id = customer_data.customer_id to its WHERE.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE (SELECT count(amount) FROM orders WHERE customer_id = customer_data.customer_id) >= 3",
    at: "1:53",
    says: "count(amount) cannot be translated; expected count(*) or count(DISTINCT amount).",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE (SELECT stddev(amount) FROM orders WHERE customer_id = customer_data.customer_id) >= 3",
    at: "1:53",
    says: "This aggregate cannot be translated; expected count, sum, avg, min, max or (array_agg(… ORDER BY occurred_at))[1].",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE (SELECT sum(source_name) FROM orders WHERE customer_id = customer_data.customer_id) >= 3",
    at: "1:53",
    says: "sum needs numbers; source_name holds none.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE (SELECT count(*), 1 FROM orders WHERE customer_id = customer_data.customer_id) >= 3",
    at: "1:45",
    says: "This cannot be translated; expected a comparison of a column with a constant, EXISTS (…) or customer_id IN (SELECT …).",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE (SELECT count(*) FILTER (WHERE amount > 5) FROM orders WHERE customer_id = customer_data.customer_id) >= 3",
    at: "1:76",
    says: "FILTER cannot be translated; write its condition in the WHERE of a sub-query of its own.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE (SELECT amount FROM orders WHERE customer_id = customer_data.customer_id) >= 3",
    at: "1:53",
    says: "This aggregate cannot be translated; expected count, sum, avg, min, max or (array_agg(… ORDER BY occurred_at))[1].",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE (SELECT last_value(amount) OVER () FROM orders WHERE customer_id = customer_data.customer_id) >= 3",
    at: "1:53",
    says: "This aggregate cannot be translated; expected count, sum, avg, min, max or (array_agg(… ORDER BY occurred_at))[1].",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE customer_id IN (SELECT order_id FROM orders)",
    at: "1:68",
    says: "This sub-query must select customer_id alone.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE customer_id IN (SELECT customer_id FROM orders GROUP BY amount)",
    at: "1:101",
    says: "Rows are grouped by customer_id alone.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE customer_id IN (SELECT customer_id FROM orders HAVING count(*) > 1)",
    at: "1:68",
    says: "Rows are grouped by customer_id alone.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE customer_id IN (SELECT customer_id FROM shops)",
    at: "1:85",
    says: "There is no table 'shops'; expected orders, order_lines or events.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE customer_id IN (1, 2, 3)",
    at: "1:45",
    says: "Customers are not chosen by their id; give them a tag, or expected IN (SELECT …).",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE customer_id = ANY (SELECT customer_id FROM orders)",
    at: "1:45",
    says: "This sub-query cannot be translated; expected EXISTS (…), customer_id IN (SELECT customer_id …) or a comparison of an aggregate.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM events a WHERE a.customer_id = customer_data.customer_id AND a.event = 'storefront.product_viewed' AND NOT EXISTS (SELECT 1 FROM orders b WHERE b.customer_id = customer_data.customer_id AND b.occurred_at > a.occurred_at AND b.occurred_at <= a.occurred_at + INTERVAL '2 hours'))",
    at: "1:170",
    says: "Nothing can be missing before its time is over; add a.occurred_at + INTERVAL '…' <= now(), with the interval of the step.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM events a WHERE a.customer_id = customer_data.customer_id AND a.event = 'storefront.product_viewed' AND EXISTS (SELECT 1 FROM orders b WHERE b.customer_id = customer_data.customer_id))",
    at: "1:192",
    says: "A step comes after the one around it; add b.occurred_at > a.occurred_at.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE stay_at_least(INTERVAL '1 month')",
    at: "1:59",
    says: "Expected an interval of minutes, hours, days or weeks, such as INTERVAL '2 hours'.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 5 OR stay_at_least(INTERVAL '7 days')",
    at: "1:64",
    says: "stay_at_least(…) cannot be translated; columns are compared as they are.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 5 AND stay_at_least(7)",
    at: "1:79",
    says: "Expected an interval of minutes, hours, days or weeks, such as INTERVAL '2 hours'.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE sample_bucket < 20000",
    at: "1:59",
    says: "Expected sample_bucket < N with N from 1 (0.01 %) to 10000 (100 %).",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE sample_bucket = 5",
    at: "1:59",
    says: "Expected sample_bucket < N with N from 1 (0.01 %) to 10000 (100 %).",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE pg_sleep(10) IS NULL",
    at: "1:45",
    says: "pg_sleep(…) cannot be translated; columns are compared as they are.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE pg_read_file('/etc/passwd') = 'x'",
    at: "1:45",
    says: "pg_read_file(…) cannot be translated; columns are compared as they are.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 5; DROP TABLE customers",
    at: "1:61",
    says: "A rule is one SELECT; expected nothing after the first ';'.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 5; DELETE FROM memberships WHERE true",
    at: "1:61",
    says: "A rule is one SELECT; expected nothing after the first ';'.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 5 UNION SELECT id FROM shops",
    at: "1:8",
    says: "Queries cannot be combined or list values; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 5 FOR UPDATE",
    at: "1:1",
    says: "Only WHERE can be translated; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 5 LIMIT 10",
    at: "1:67",
    says: "Only WHERE can be translated; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 5 ORDER BY total_spent OFFSET 5",
    at: "1:89",
    says: "Only WHERE can be translated; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 5 GROUP BY customer_id",
    at: "1:70",
    says: "Only WHERE can be translated; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > $1",
    at: "1:59",
    says: "A column can be compared with a constant, CURRENT_DATE or now() and an interval, not with this expression.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 5 AND (SELECT set_config('a','b',false)) = 'b'",
    at: "1:73",
    says: "A sub-query reads one table: orders, order_lines or events.",
  },
  {
    source: "DROP TABLE customers",
    at: "1:1",
    says: "A rule is a SELECT; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "DELETE FROM customer_data",
    at: "1:1",
    says: "A rule is a SELECT; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "UPDATE customer_data SET total_spent = 0",
    at: "1:1",
    says: "A rule is a SELECT; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "INSERT INTO memberships VALUES (1)",
    at: "1:1",
    says: "A rule is a SELECT; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "COPY customer_data TO PROGRAM 'sh'",
    at: "1:1",
    says: "A rule is a SELECT; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "CREATE TABLE x (id int)",
    at: "1:1",
    says: "A rule is a SELECT; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "TRUNCATE memberships",
    at: "1:1",
    says: "A rule is a SELECT; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "DO $$ BEGIN PERFORM 1; END $$",
    at: "1:1",
    says: "A rule is a SELECT; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "EXPLAIN SELECT customer_id FROM customer_data WHERE total_spent > 5",
    at: "1:1",
    says: "A rule is a SELECT; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT",
    at: "1:1",
    says: "Customers are selected from customer_data alone; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT * FROM customer_data WHERE total_spent > 5",
    at: "1:8",
    says: "Exactly one column is selected; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT email FROM customer_data WHERE total_spent > 5",
    at: "1:8",
    says: "Exactly one column is selected; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id, email FROM customer_data WHERE total_spent > 5",
    at: "1:21",
    says: "Exactly one column is selected; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT count(*) FROM customer_data WHERE total_spent > 5",
    at: "1:8",
    says: "Exactly one column is selected; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT DISTINCT customer_id FROM customer_data",
    at: "1:47",
    says: "Everybody would be selected; expected WHERE and a condition.",
  },
  {
    source: "SELECT customer_id FROM customer_data",
    at: "1:38",
    says: "Everybody would be selected; expected WHERE and a condition.",
  },
  {
    source: "SELECT customer_id FROM customers WHERE total_spent > 5",
    at: "1:25",
    says: "Customers are selected from customer_data alone; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id FROM public.customer_data WHERE total_spent > 5",
    at: "1:25",
    says: "Customers are selected from customer_data alone; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id FROM customer_data, orders WHERE total_spent > 5",
    at: "1:25",
    says: "Customers are selected from customer_data alone; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id FROM customer_data JOIN orders USING (customer_id) WHERE total_spent > 5",
    at: "1:25",
    says: "Customers are selected from customer_data alone; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id FROM (SELECT 1) x WHERE total_spent > 5",
    at: "1:33",
    says: "Customers are selected from customer_data alone; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id INTO hack FROM customer_data WHERE total_spent > 5",
    at: "1:25",
    says: "INTO cannot be translated; a rule only selects.",
  },
  {
    source: "WITH x AS (SELECT 1) SELECT customer_id FROM customer_data WHERE total_spent > 5",
    at: "1:6",
    says: "WITH cannot be translated; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source:
      "WITH x AS (DELETE FROM memberships RETURNING 1) SELECT customer_id FROM customer_data WHERE total_spent > 5",
    at: "1:6",
    says: "WITH cannot be translated; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE",
    at: "1:44",
    says: "This is no SQL: syntax error at end of input.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 5 AND",
    at: "1:64",
    says: "This is no SQL: syntax error at end of input.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE 'é' = email AND",
    at: "1:60",
    says: "This is no SQL: syntax error at end of input.",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE email = 'open",
    at: "1:53",
    says: 'This is no SQL: unterminated quoted string at or near "\'open".',
  },
  {
    source: "VALUES (1)",
    at: "1:9",
    says: "Queries cannot be combined or list values; expected SELECT customer_id FROM customer_data WHERE …",
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE total_spent > 5) OR (1=1",
    at: "1:60",
    says: 'This is no SQL: syntax error at or near ")".',
  },
  { source: "amount_spent > 5", at: "1:1", says: 'This is no SQL: syntax error at or near "amount_spent".' },
  {
    source: "'; DROP TABLE customers; --",
    at: "1:1",
    says: 'This is no SQL: unterminated quoted string at or near "\'; DROP TABLE customers; --".',
  },
  {
    source: "SELECT customer_id FROM customer_data WHERE constructor(1)",
    at: "1:45",
    says: "constructor(…) cannot be translated; columns are compared as they are.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE EXISTS (SELECT 1 FROM constructor WHERE customer_id = customer_data.customer_id)",
    at: "1:67",
    says: "There is no table 'constructor'; expected orders, order_lines or events.",
  },
  {
    source:
      "SELECT customer_id FROM customer_data WHERE email IS NULL OR ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((true))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))",
    at: "1:122",
    says: "Parentheses are nested more than 60 deep.",
  },
  {
    source: "SELECT customer_id\nFROM customer_data\nWHERE email = 'ß💡' AND total_spnt > 5",
    at: "3:25",
    says: "customer_data has no column 'total_spnt'; did you mean total_spent?",
  },
];
