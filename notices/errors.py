"""Every way Tongbo can fail, as one tree with stable codes.

    TongboError                 tongbo.error
      ConfigError               config.invalid       a setting is missing, malformed or contradicts another
        SecretMissing           config.secret_missing  a key that this action needs is not set
      CrawlError                crawl.failed         a source could not be read to the end
        FetchError              crawl.fetch          the network or the server failed; worth another try
          Blocked               crawl.blocked        the source refused us (403, challenge page); do not hammer
          RateLimited           crawl.rate_limited   429; wait ``retry_after`` seconds
          Gone                  crawl.gone           404 or 410 where a document was promised
        LayoutChanged           crawl.layout_changed  the answer no longer has the shape we know
        UnexpectedValue         crawl.unexpected_value  a category or key that we do not know
        ExpectationFailed       crawl.expectation    a run gave fewer records than its source declares
        CountMismatch           crawl.count_mismatch  what came is not what the source said there was
      StoreError                store.failed
        NotFound                store.not_found      no notice, revision or capture under that id
        RevisionConflict        store.revision_conflict  somebody else wrote the same thing first
        CaptureCorrupt          store.capture_corrupt  a stored body no longer has its hash
        MigrationNeeded         store.migration_needed  the data folder belongs to another release
        StoreUnavailable        store.unavailable    the database can't be reached, or the disk is full
        JobLocked               store.job_locked     another process holds the job's lock
      EnrichError               enrich.failed
        ModelUnavailable        enrich.model_unavailable  weights are missing or do not give the golden vectors
        ComponentFailed         enrich.component     a component failed on one notice
      SearchError               search.failed
        QueryInvalid            search.query_invalid  the query can't be read; ``position`` says where
        IndexNotReady           search.index_not_ready  nothing has been indexed yet
        BackendUnavailable      search.backend_unavailable  the search engine can't be reached
        BackendRefused          search.backend_refused  it refuses us (key, certificate, version, read-only)
        BackendBusy             search.backend_busy  it is overloaded, or another writer holds the index

Each class says when it is raised and what to do; HTTP status codes live in ``api/errors.py`` only,
exit codes in ``cli_output.py`` only.
"""

from __future__ import annotations


class TongboError(Exception):
    """Base of everything we raise on purpose: a sentence for people, a stable code, a hint what to do."""

    code = "tongbo.error"
    hint = "See the log; if it repeats, report it with the request id."

    def __init__(self, detail: str, *, hint: str | None = None, **context: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint or type(self).hint
        self.context = context


class ConfigError(TongboError):
    """A setting is missing, malformed or contradicts another."""

    code = "config.invalid"
    hint = "Run `tongbo settings` to see every setting and where it came from."


class SecretMissing(ConfigError):
    """A key or secret that this action needs is not set."""

    code = "config.secret_missing"
    hint = "Set the named variable in the environment."


class CrawlError(TongboError):
    """A source could not be read to the end."""

    code = "crawl.failed"
    hint = "Run the crawl again; what was read is kept. `tongbo sources` shows the state."


class FetchError(CrawlError):
    """The network or the server failed (timeout, reset, 5xx, truncated); another try may work."""

    code = "crawl.fetch"
    hint = "Try again later; nothing was lost."


class Blocked(FetchError):
    """The source refused us: 403 or a challenge page. It stays off until someone looks."""

    code = "crawl.blocked"
    hint = "Check the source's terms and your contact address (TONGBO_CONTACT) before trying again."


class RateLimited(FetchError):
    """The source asked us to slow down (429)."""

    code = "crawl.rate_limited"
    hint = "Wait as long as the source says, then run again."


class Gone(FetchError):
    """The source promised a document and has none (404, 410)."""

    code = "crawl.gone"
    hint = "Nothing to do if the source withdrew it; otherwise report the address."


class LayoutChanged(CrawlError):
    """The answer no longer has the shape that the page parser knows."""

    code = "crawl.layout_changed"
    hint = "The captures are kept: mend the page parser, raise its version and run the crawl again."


class UnexpectedValue(CrawlError):
    """A category, key or unit that the source's lookup table does not list."""

    code = "crawl.unexpected_value"
    hint = "Add the value to the lookup table of the source's YAML file after reading what it means."


class ExpectationFailed(CrawlError):
    """A finished run gave less than its source declares (count, fill rate, freshness)."""

    code = "crawl.expectation"
    hint = "Compare with the source's own page; silent emptiness is a fault until proved otherwise."


class CountMismatch(CrawlError):
    """The records received are not as many as the source said there were."""

    code = "crawl.count_mismatch"
    hint = "Run again; if it repeats, the paging of the source has changed."


class StoreError(TongboError):
    """The durable store failed."""

    code = "store.failed"


class NotFound(StoreError):
    """There is no notice, revision, capture or run under that id."""

    code = "store.not_found"
    hint = "Check the spelling; search finds notices by symbol, citation or number."


class RevisionConflict(StoreError):
    """Somebody else wrote the same revision first."""

    code = "store.revision_conflict"
    hint = "Read again and repeat."


class CaptureCorrupt(StoreError):
    """A stored body no longer has the hash it was stored under."""

    code = "store.capture_corrupt"
    hint = "The disk or a person changed it: restore the data folder from a backup, or fetch it again."


class MigrationNeeded(StoreError):
    """The data folder was written by another release and can't be upgraded by this one."""

    code = "store.migration_needed"
    hint = "Use the release that wrote it, or a newer one."


class StoreUnavailable(StoreError):
    """The database can't be reached or written (refused, locked too long, disk full)."""

    code = "store.unavailable"
    hint = "Check TONGBO_DATABASE_URL, the data folder's permissions and the free disk space."


class JobLocked(StoreError):
    """Another process is doing this job right now."""

    code = "store.job_locked"
    hint = "Wait for it to end; the lock goes with its process."


class EnrichError(TongboError):
    """Working out what a notice means failed."""

    code = "enrich.failed"


class ModelUnavailable(EnrichError):
    """Weights are missing, or do not give the golden vectors."""

    code = "enrich.model_unavailable"
    hint = "Search goes on with words only."


class ComponentFailed(EnrichError):
    """One component failed on one notice; the others went on."""

    code = "enrich.component"
    hint = "Run `tongbo enrich` again after mending the component; its version must rise."


class SearchError(TongboError):
    """A search could not be carried out."""

    code = "search.failed"


class QueryInvalid(SearchError):
    """The query can't be read; ``context['position']`` is the 0-based character where."""

    code = "search.query_invalid"
    hint = (
        'Quote phrases with "…"; the filters are '
        "hs: ics: market: kind: sector: source: published: deadline: open: as_of:."
    )


class IndexNotReady(SearchError):
    """Nothing has been indexed yet, or the first build is still running."""

    code = "search.index_not_ready"
    hint = "Run `tongbo index`, or wait for the first build to end."


class BackendUnavailable(SearchError):
    """The search engine can't be reached."""

    code = "search.backend_unavailable"
    hint = "Check that the search engine runs and TONGBO_ELASTICSEARCH_URL is right; nothing is lost meanwhile."


class BackendRefused(SearchError):
    """The search engine answered but refuses us: key, certificate, version or a read-only index."""

    code = "search.backend_refused"
    hint = "Read the detail: it names the setting or the engine's own block."


class BackendBusy(SearchError):
    """The engine is overloaded, or another writer holds the index."""

    code = "search.backend_busy"
    hint = "Try again in a few seconds."
