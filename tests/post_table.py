"""What keeps each address that takes POST from acting blindly: no old page overwrites or strikes what came meanwhile.

A guard is what the page carries and the act compares (`kok/seen.py` and its like). The other words are reasons why none
is needed:

adds      puts in something new; nothing that is there is touched
once      leads from one state into the next and is refused where it was done; there is nothing else to overwrite
repeats   doing it twice is as doing it once
asks      writes nothing that stays
touched   changes only what this person changed on the page
own       is about the own account, its session or its input
fixed     acts on what nobody can change once it is there
"""

GUARDS = {"seen", "revision", "version", "Overtaken", "SeatsChanged"}

TABLE = """
kok:prove-mail                      own
kok:retry-message                   once
kok:dismiss-message                 once
kok:page-edit                       adds
kok:devices-end                     own
kok:device-end                      own
kok:barrier-report                  adds
kok:barrier                         once
kok:barrier-aside                   once
address:own                         own
address:withdraw                    own
address:confirm                     once
accounts:invite                     adds
accounts:close                      once
accounts:open                       once
accounts:factor                     once
accounts:name                       adds
accounts:technik                    adds
accounts:technik-end                once
accounts:request-confirm            seen
accounts:request-refuse             once
accounts:request-withdraw           once
barrier-office:name                 adds
transitions-log:check               asks

reporting:record                    adds
reporting:withdraw                  once
reporting:dataset-import            adds
reporting:dataset-remark            adds
reporting:dataset-submit            once
reporting:dataset-accept            once
reporting:dataset-discard           once
reporting:yearly-report-make        adds
reporting:yearly-report-present     adds
reporting:yearly-report-pdf-retry   repeats
reporting:figures-sheet             asks

members:authority-change            touched
members:authority-withdraw          once
members:seat-new                    adds
members:assign                      adds
members:seat-end                    once
members:seat-fill                   adds
members:assignment-end              once
members:assignment-correct          seen
members:assignment-remove           seen
members:person-new                  adds
members:person                      Overtaken
members:person-delete               once
members:address-withdraw            once
members:person-leave                adds
members:person-stay                 once
members:invite                      adds
members:invite-again                repeats
members:account-close               once
members:account-open                once
members:account-factor              once
members:role-new                    adds
members:role-end                    once
members:request-confirm             seen
members:request-refuse              once
members:request-withdraw            once

meetings:deviating-term             adds
meetings:plan                       adds
meetings:edit                       revision
meetings:reschedule                 revision
meetings:cancel                     revision
meetings:invite                     revision
meetings:answer                     seen
meetings:agenda                     repeats
meetings:item-new                   adds
meetings:item                       seen
meetings:item-remove                seen
meetings:document-retry             repeats
meetings:round-withhold             fixed
meetings:letter-note                adds
meetings:task-close                 once
meetings:task-reopen                once
meetings:begin                      once
meetings:begin-take-back            once
meetings:did-not-meet               revision
meetings:resume                     revision
meetings:late-entry                 adds
meetings:late-entry-take-out        once
meetings:postponed                  once
meetings:item-supplement            adds
meetings:attendance                 SeatsChanged
meetings:minutes-header             seen
meetings:minutes-save               revision
meetings:section                    revision
meetings:revision-restore           seen
meetings:item-correct               seen
meetings:resolution-new             adds
meetings:positions                  seen
meetings:positions-remove           seen
meetings:task-new                   adds
meetings:resolution                 seen
meetings:resolution-remove          seen
meetings:task                       seen
meetings:task-remove                seen
meetings:circulate                  version
meetings:take-back                  version
meetings:approve                    version
meetings:remark                     version
meetings:remark-answer              once
meetings:send-file                  fixed
meetings:minutes-pdf-retry          repeats

transitions:age-limit               asks
transitions:enter                   own
transitions:stay-on                 own
transitions:leave                   own
transitions:list-begin              adds
transitions:discard                 revision
transitions:proposals               once
transitions:submit                  revision
transitions:give-back               revision
transitions:take-back               once
transitions:release                 revision
transitions:two-people              repeats
transitions:entry-new               adds
transitions:entry                   seen
transitions:entry-remove            seen
transitions:entry-end               once
transitions:entry-keep              once
transitions:import                  seen
transitions:import-take-over        own
transitions:import-discard          own
transitions:confirm                 seen
transitions:outcome                 once
transitions:outcome-revoke          seen
transitions:acknowledge             fixed
transitions:outcomes                once
transitions:question-answer         once
transitions:question-ask            adds
transitions:export                  asks
transitions:case-export             asks
transitions:request-new             adds
transitions:request-complete        seen
transitions:request-answer          once
transitions:request-extend          once
transitions:request-lift            once
transitions:request-correct         adds
transitions:request-search          asks
"""
REASONS = {"adds", "once", "repeats", "asks", "touched", "own", "fixed"}
