"""The application: the only file that knows all parts."""

import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import httpx
import redis.asyncio
from graphql.validation.rules import overlapping_fields_can_be_merged
from starlette.applications import Starlette
from starlette.routing import Route

from db.audit.sealer import keep_sealed
from db.clock import keep_time
from db.keys import KeyRing, Purpose
from db.ledger.folding import keep_folding
from db.session import Database, PoolLimits
from db.signatures import Signer
from gateway.auth import Authentication
from gateway.background import in_background
from gateway.certificates.check_page import PATH as CHECK_PATH
from gateway.certificates.check_page import CheckPage
from gateway.certificates.download import CertificateFiles
from gateway.certificates.paper import Press
from gateway.contracts import Charges
from gateway.document_store import DocumentStore
from gateway.document_usage import DocumentUses
from gateway.documents import Documents
from gateway.events import carry_events
from gateway.export_files import ExportFiles
from gateway.exporting import Exporting
from gateway.file_answers import FileAnswers
from gateway.file_storage import file_storage
from gateway.graphql_http import GraphQLEndpoint
from gateway.health import Health
from gateway.http_caching import Keeping
from gateway.jwks import IssuerKeys, IssuerTokens
from gateway.pages import Pages
from gateway.rate_limit import Budgets
from gateway.registers import legal_entity_database, population_database
from gateway.request_id import RequestId
from gateway.settings import Settings
from gateway.sms import MessageQueue, message_sender
from gateway.stations.home_page import HomePage
from gateway.throttle import BudgetThrottle
from gateway.tokens import AccessTokens
from gateway.trusted_requests import TrustedRequests
from gateway.uploads import FilesEndpoint
from resolvers.certificate_desk import CertificateDesk
from resolvers.complaints.rounds import keep_complaints_moving
from resolvers.legal_person_rounds import keep_checked
from resolvers.ports import RegistrationDesk
from resolvers.self_service_desk import SelfServiceDesk
from resolvers.self_service_reset import keep_resetting
from resolvers.uploads import keep_swept
from schema.build import build_schemas
from schema.cursors import CursorSeal

# graphql-core compares fields that may conflict, and by default gives a document half a second of
# that; a tenth of the work is more than any honest document asks for (PEERS §0.7).
OVERLAP_BUDGET = 50_000
REDIS_PATIENCE_S = 0.5


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    keys: KeyRing,
    *,
    database_url: str,
    redis_url: str,
    clock: Callable[[], datetime] = _now,
) -> Starlette:
    """The ASGI application of a station whose servers run; requests go by the clock."""
    overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = OVERLAP_BUDGET
    database = Database(
        database_url,
        PoolLimits(
            readers=settings.pool_size,
            writers=settings.pool_size,
            acquire_seconds=settings.pool_wait.total_seconds(),
            statement_seconds=settings.limits.statement_timeout.total_seconds(),
        ),
    )
    shared = redis.asyncio.from_url(
        redis_url, socket_connect_timeout=REDIS_PATIENCE_S, socket_timeout=REDIS_PATIENCE_S
    )
    http = httpx.AsyncClient()
    tokens = AccessTokens(
        keys,
        issuer=f"volunteer-gateway:{settings.station}",
        lifetime=settings.access_token_lifetime,
    )
    trusted = settings.token_issuer
    issuer = IssuerTokens(trusted, IssuerKeys(trusted.jwks_url, http)) if trusted else None
    pages = Pages.read()
    documents = Documents(build_schemas(), settings.limits)
    store = DocumentStore(database, documents, shared)
    uses = DocumentUses(database)
    authentication = Authentication(settings=settings, tokens=tokens, issuer=issuer)
    storage = file_storage(settings)
    budgets = Budgets(shared)
    cursors = CursorSeal(tuple(key.secret for key in reversed(keys.all(Purpose.CURSOR))))
    exporting = Exporting(
        database, cursors=cursors, desk=authentication.desk(""), policy=settings.policy
    )
    throttle = BudgetThrottle(budgets)
    messages = MessageQueue(message_sender(settings, http))
    certificates = CertificateDesk(
        station=settings.station,
        signer=Signer(keys=keys.all(Purpose.CERTIFICATE), algorithm=settings.certificate_signature),
        identity_keys=keys.all(Purpose.IDENTITY),
        throttle=throttle,
    )
    endpoint = GraphQLEndpoint(
        clock=clock,
        settings=settings,
        database=database,
        charges=Charges(budgets=budgets, uses=uses),
        keeping=Keeping(documents=documents),
        trusted=TrustedRequests(settings=settings, documents=documents, store=store),
        authentication=authentication,
        cursors=cursors,
        pages=pages,
        certificates=certificates,
        self_service=SelfServiceDesk(
            messages=messages,
            throttle=throttle,
            blind_index_key=keys.current(Purpose.BLIND_INDEX),
        ),
        registration=RegistrationDesk(
            population=population_database(settings, http),
            legal_entities=legal_entity_database(settings, http),
            identity_key=keys.current(Purpose.IDENTITY),
            old_identity_keys=keys.all(Purpose.IDENTITY)[:-1],
            blind_index_key=keys.current(Purpose.BLIND_INDEX),
        ),
    )
    answers = FileAnswers(database=database, authentication=authentication, limits=settings.limits)
    files = FilesEndpoint(
        database=database, storage=storage, answers=answers, limits=settings.limits
    )
    papers = CertificateFiles(
        database=database,
        answers=answers,
        desk=certificates,
        press=Press.open(),
        check_url=f"{settings.station_address}{CHECK_PATH}",
    )
    health = Health(database, shared, store)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with database, http, shared:
            loops = (
                keep_time(database.engine),
                keep_folding(database_url),
                keep_sealed(database.engine, keys.current(Purpose.AUDIT)),
                carry_events(database.engine, shared),
                keep_swept(database.engine, storage),
                exporting.keep(),
                keep_resetting(database.engine),
                keep_complaints_moving(database.engine),
                keep_checked(database.engine, endpoint.registration.legal_entities),
                messages.keep(),
                store.keep(),
                uses.keep(),
            )
            async with in_background(*loops):
                yield

    app = Starlette(
        routes=[
            Route("/graphql", endpoint.answer, methods=["GET", "POST"]),
            Route("/healthz", health.live),
            Route("/readyz", health.ready),
            pages.route("/dashboard", "dashboard"),
            *files.routes(),
            *CheckPage(database=database, desk=certificates).routes(),
            *HomePage(database=database, authentication=authentication).routes(),
            *papers.routes(),
            *ExportFiles(answers=answers).routes(),
            *pages.routes(),
        ],
        lifespan=lifespan,
    )
    app.add_middleware(RequestId)
    return app
