# The app with the encoder that ships, for CPUs.
#
#     docker build -t fashion-recommender .
#     docker run -p 8501:8501 -v "$PWD/artifacts:/app/artifacts" -v "$PWD/data:/app/data:ro" \
#         fashion-recommender
#
# Without an index in artifacts/ it draws the sample catalogue and shows that.
FROM python:3.12-slim-bookworm

# Keras, Streamlit and matplotlib write below HOME; logs come at once.
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    HOME=/home/shop

RUN useradd --create-home --home-dir /home/shop --uid 10001 shop
WORKDIR /app

# Before the code, so that a change of the code does not install everything anew.
COPY requirements.txt ./
RUN pip install -r requirements.txt

COPY .streamlit .streamlit
COPY app.py build_index.py ./
COPY recommender recommender
RUN mkdir -p artifacts data && chown shop:shop artifacts data

# The number of the user above: hosts know no names of ours.
USER 10001
EXPOSE 8501
VOLUME ["/app/artifacts"]
# Loading TensorFlow and a large index takes a while on a small machine.
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true", "--server.fileWatcherType=none"]
