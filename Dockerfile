FROM python:3.12-slim
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir -r requirements.lock
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation . && useradd --create-home tongbo && mkdir /data && chown tongbo /data
USER tongbo
EXPOSE 8000
CMD ["tongbo", "up"]
