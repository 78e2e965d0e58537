"""The security list, line by line, and the tests that show each. test_list.py holds this table to the files.

protections.toml says of each line what keeps its promise; in the long run test_protections.py takes that out, in a copy
of the tree, and sees the test fail.

| line | what | shown by |
|---|---|---|
| 1 | nothing listens during a crawl; the console listens to this machine | test_listening.py |
| 2 | `file: data: ftp: s3: javascript:` are never fetched | test_addresses.py |
| 3 | addresses | test_addresses.py test_tls.py ../crawler/test_browser.py ../crawler/middlewares/test_guard.py |
| 4 | five redirects; no credential or cookie leaves | test_redirects.py |
| 5 | robots.txt, TLS, a contact | test_tls.py ../crawler/middlewares/test_robots.py |
| 6 | no pickle, no function but ours, no callback, no webhook | test_jobs.py |
| 7 | no operator from outside; limits of time | test_injection.py |
| 8 | a page's keys never become field names | test_injection.py |
| 9 | markup, links, escapes inert; nothing changes by HTTP; constant time | test_markup.py |
| 10 | one log line an event; secrets nowhere | test_lines.py |
| 11 | unfit servers; one queue | test_unfit_servers.py ../console/test_doctor.py ../workers/test_worker.py |
| 12 | least privilege in MongoDB and Redis | test_users.py |
| 13 | hostile sitemaps and feeds | test_xml.py |
| 14 | regular expressions and caps | test_regex_and_caps.py test_dear_pages.py |
| 15 | containers | test_containers.py ../test_compose.py |
| 16 | locked with hashes; Schemathesis; `make audit` | test_dependencies.py test_openapi.py |
"""
