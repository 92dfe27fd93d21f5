"""The FastAPI peer of `api`: async SQLAlchemy with typed models in and out, as its documents show it."""

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.responses import ORJSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

_made: dict[str, Any] = {}


class Base(DeclarativeBase):
    type_annotation_map = {dict[str, Any]: JSONB, list[str]: JSONB}  # noqa: RUF012


class Token(Base):
    __tablename__ = "bench_token"
    key: Mapped[str] = mapped_column(primary_key=True)


class Version(Base):
    __tablename__ = "items_itemversion"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    digest: Mapped[str]
    number: Mapped[int]


class Item(Base):
    __tablename__ = "items_item"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    state_since: Mapped[datetime]
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("items_itemversion.id"))
    title: Mapped[str]
    kind: Mapped[str]
    sensitivity: Mapped[str]
    not_before: Mapped[datetime | None]
    author_name: Mapped[str]
    author_side: Mapped[str]
    created_at: Mapped[datetime]
    version: Mapped[Version] = relationship()


class Made(Base):
    __tablename__ = "bench_made"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    title: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    channels: Mapped[list[str]]
    state: Mapped[str] = mapped_column(default="draft")
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class VersionShape(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    number: int
    digest: str
    content: dict[str, Any]


class ItemShape(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: uuid.UUID
    state: str
    state_since: datetime
    title: str
    kind: str
    sensitivity: str
    not_before: datetime | None
    author_name: str
    author_side: str
    created_at: datetime
    version: VersionShape


class Sent(BaseModel):
    kind: str
    channels: list[str]
    text: str
    title: str = ""


class MadeShape(Sent):
    model_config = ConfigDict(from_attributes=True)
    id: uuid.UUID
    state: str
    created_at: datetime


async def session() -> Any:
    async with _made["sessions"]() as one:
        yield one


Db = Annotated[AsyncSession, Depends(session)]


async def known(authorization: Annotated[str, Header()], db: Db) -> Token:
    token = await db.get(Token, authorization.split()[1])
    if token is None:
        raise HTTPException(401)
    return token


Known = Annotated[Token, Depends(known)]


def made(first: dict[str, Any]) -> FastAPI:
    database = first["database"]
    url = f"postgresql+psycopg://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={database['HOST']}"
    url += f"&port={database['PORT']}" if database["PORT"] else ""
    options = {"options": f"-c search_path={first['schema']},public"}
    engine = create_async_engine(url, pool_size=1, max_overflow=0, connect_args=options)
    _made["sessions"] = async_sessionmaker(engine, expire_on_commit=False)
    app = FastAPI(default_response_class=ORJSONResponse)

    @app.get("/items", response_model=list[ItemShape])
    async def items(kind: str, token: Known, db: Db, limit: int = 50) -> Any:
        asked = select(Item).options(joinedload(Item.version)).where(Item.kind == kind)
        return list(await db.scalars(asked.order_by(Item.created_at.desc(), Item.id.desc()).limit(limit)))

    @app.get("/items/{of}", response_model=ItemShape)
    async def one(of: uuid.UUID, token: Known, db: Db) -> Any:
        return await db.scalar(select(Item).options(joinedload(Item.version)).where(Item.id == of))

    @app.post("/items", response_model=MadeShape, status_code=201)
    async def make(sent: Sent, token: Known, db: Db) -> Any:
        row = Made(**sent.model_dump())
        db.add(row)
        await db.commit()
        return row

    return app


async def backend() -> int:
    async with _made["sessions"]() as one:
        return int(await one.scalar(text("SELECT pg_backend_pid()")))
